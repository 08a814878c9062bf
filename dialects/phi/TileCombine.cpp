#include "dialects/phi/Shapes.h"

using namespace mlir;

namespace phidias::phi {

LogicalResult TileCombineOp::verify() {
  int64_t heads = getHeads(), columns = cast<MemRefType>(getResult().getType()).getDimSize(1);
  if (heads < 1 || columns < heads || columns % heads != 0) // C1
    return emitOpError("result must have the columns of ") << heads << " heads, got " << columns;
  if (failed(verifyBufferColumns(*this, getResult(), columns, "result"))) // C1
    return failure();
  return verifyBufferColumns(*this, getPartials(), columns + 2 * heads, "partials"); // C1
}

} // namespace phidias::phi
