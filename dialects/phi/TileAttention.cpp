#include "dialects/phi/Shapes.h"

using namespace mlir;

namespace phidias::phi {

CacheType TileAttentionOp::getCacheLayout() { return cast<CacheType>(getCacheType()); }

LogicalResult TileAttentionOp::verify() {
  CacheType cache = getCacheLayout();
  int64_t heads = getHeads(), headDim = cache.getHeadDim();
  if (failed(verifyHeads(*this, heads, cache))) // C2
    return failure();
  int64_t columns = (heads + 2 * cache.getKvHeads()) * headDim;
  if (failed(verifyBufferColumns(*this, getQkv(), columns, "qkv"))) // C1
    return failure();
  if (failed(verifyBufferColumns(*this, getResult(), heads * headDim, "result"))) // C3
    return failure();
  if (getWindow() && static_cast<int64_t>(*getWindow()) < 1) // C4
    return emitOpError("window must be at least 1");
  int64_t tokens = getTokens();
  if (tokens < 1 || tokens > 256) // C4
    return emitOpError("tokens must be 1 to 256, got ") << tokens;
  if (!getSplits() != !getPartials()) // C5
    return emitOpError("splits and partials must be given together");
  if (!getPartials())
    return success();
  return verifyBufferColumns(*this, getPartials(), heads * (headDim + 2), "partials"); // C5
}

} // namespace phidias::phi
