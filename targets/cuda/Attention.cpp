// phi.tile_attention: by the tensor cores where there are enough rows to share keys and values.

#include "targets/cuda/AttentionFew.h"
#include "targets/cuda/AttentionMany.h"
#include "targets/cuda/MapTiles.h"

using namespace mlir;

namespace phidias::cuda {

/// That multiply-adds keep up with the memory for.
static constexpr int64_t kFewRows = 4;

void mapTile(phi::TileAttentionOp op) {
  OpBuilder builder(op);
  Block block(builder, op.getLoc());
  Attend attend(block, op);
  if (attend.rows() > kFewRows && fitsTensorCores(attend))
    attendMany(attend);
  else
    attendFew(attend);
  op.erase();
}

} // namespace phidias::cuda
