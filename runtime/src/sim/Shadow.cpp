#include "sim/Shadow.h"
#include "sim/Machine.h"

namespace phirt::sim {
void newGridEpoch(Block &) {}
void newBlockEpoch(Block &) {}
void newWarpEpoch(Warp &) {}
void resetShadow(Block &) {}
} // namespace phirt::sim

void phisim_access(const void *, int32_t, int32_t, int32_t, int32_t) {}
