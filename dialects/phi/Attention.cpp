#include "dialects/phi/Shapes.h"

using namespace mlir;

namespace phidias::phi {

LogicalResult AttentionOp::verify() {
  CacheType cache = getCache().getType();
  int64_t heads = getHeads(), kvHeads = cache.getKvHeads(), headDim = cache.getHeadDim();
  if (heads < 1 || heads % kvHeads != 0) // C3
    return emitOpError("heads must be a multiple of ") << kvHeads << ", got " << heads;
  if (getWindow() && static_cast<int64_t>(*getWindow()) < 1) // C4
    return emitOpError("window must be at least 1");
  if (failed(verifyColumns(*this, getQkv(), (heads + 2 * kvHeads) * headDim, "qkv"))) // C1
    return failure();
  return verifyColumns(*this, getResult(), heads * headDim, "result"); // C2
}

} // namespace phidias::phi
