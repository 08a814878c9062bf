#include "dialects/phi/PhiDialect.h"

using namespace mlir;

namespace phidias::phi {

static int64_t lanes(Value vector) { return cast<VectorType>(vector.getType()).getDimSize(0); }

LogicalResult DotOp::verify() {
  if (lanes(getCodes()) != 4 * lanes(getAcc())) // C1
    return emitOpError("codes must have ")
           << 4 * lanes(getAcc()) << " lanes, got " << lanes(getCodes());
  if (getMax() < 1 || getMax() > 255) // C2
    return emitOpError("max must be 1 to 255, got ") << getMax();
  return success();
}

LogicalResult DotBf16Op::verify() {
  if (lanes(getLhs()) != 2 * lanes(getAcc())) // C1
    return emitOpError("factors must have ")
           << 2 * lanes(getAcc()) << " lanes, got " << lanes(getLhs());
  return success();
}

LogicalResult LookupOp::verify() {
  if (getTable().size() != 16) // C1
    return emitOpError("table must have 16 entries, got ") << getTable().size();
  if (lanes(getCodes()) % 16 != 0) // C1
    return emitOpError("the number of codes must divide by 16, got ") << lanes(getCodes());
  return success();
}

} // namespace phidias::phi
