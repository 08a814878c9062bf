#include "dialects/phi/Shapes.h"

using namespace mlir;

namespace phidias::phi {

LogicalResult CacheAppendOp::verify() {
  CacheType cache = getCache().getType();
  int64_t columns = columnsOf(getQkv());
  int64_t least = (2 * cache.getKvHeads() + 1) * cache.getHeadDim();
  if (columns % cache.getHeadDim() != 0 || columns < least) // C1
    return emitOpError("qkv must hold at least ")
           << 2 * cache.getKvHeads() + 1 << " heads of " << cache.getHeadDim() << ", got "
           << columns << " columns";
  return success();
}

} // namespace phidias::phi
