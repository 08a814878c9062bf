#include "dialects/phi/Shapes.h"

using namespace mlir;

namespace phidias::phi {

CacheType TileAppendOp::getCacheLayout() { return cast<CacheType>(getCacheType()); }

LogicalResult TileAppendOp::verify() {
  CacheType cache = getCacheLayout();
  int64_t heads = getHeads(), headDim = cache.getHeadDim();
  if (failed(verifyHeads(*this, heads, cache))) // C2
    return failure();
  int64_t columns = (heads + 2 * cache.getKvHeads()) * headDim;
  if (failed(verifyBufferColumns(*this, getQkv(), columns, "qkv"))) // C1
    return failure();
  int64_t frequencies = getShortFrequencies().getNumElements();
  if (frequencies < 1 || 2 * frequencies > headDim) // C3
    return emitOpError("must have 1 to ") << headDim / 2 << " frequencies, got " << frequencies;
  if (auto longer = getLongFrequencies(); longer && longer->getNumElements() != frequencies) // C3
    return emitOpError("long must have ")
           << frequencies << " frequencies, got " << longer->getNumElements();
  return success();
}

} // namespace phidias::phi
