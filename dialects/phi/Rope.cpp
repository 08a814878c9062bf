#include "dialects/phi/Shapes.h"

using namespace mlir;

namespace phidias::phi {

LogicalResult RopeOp::verify() {
  int64_t headDim = getHeadDim(), heads = getHeads();
  int64_t frequencies = getShortFrequencies().getNumElements();
  if (frequencies < 1 || 2 * frequencies > headDim) // C1
    return emitOpError("must have 1 to ") << headDim / 2 << " frequencies, got " << frequencies;
  if (auto longer = getLongFrequencies(); longer && longer->getNumElements() != frequencies) // C1
    return emitOpError("long must have ")
           << frequencies << " frequencies, got " << longer->getNumElements();
  int64_t columns = columnsOf(getInput());
  if (heads < 1 || columns % headDim != 0 || columns / headDim < heads) // C2
    return emitOpError("input must hold at least ")
           << heads << " heads of " << headDim << ", got " << columns << " columns";
  return success();
}

} // namespace phidias::phi
