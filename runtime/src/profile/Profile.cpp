#include "profile/Profile.h"
#include "phirt/abi.h"
#include "support/Clock.h"

namespace phirt {

void Profile::note(int64_t stage) {
  if (count < static_cast<int64_t>(events.size()))
    events[count++] = {stage, monotonicNanoseconds()};
  else
    ++lost;
}

void Profile::beginPass(int64_t tokens, int64_t logitRows) {
  ++passCount;
  tokenCount += tokens;
  rowCount += logitRows;
  note(kBegin);
}

} // namespace phirt

void phirt_stage(void *profile, int64_t stage) {
  static_cast<phirt::Profile *>(profile)->note(stage);
}
