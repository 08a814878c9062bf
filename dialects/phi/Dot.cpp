#include "dialects/phi/PhiDialect.h"

using namespace mlir;

namespace phidias::phi {

static int64_t lanes(Value vector) { return cast<VectorType>(vector.getType()).getDimSize(0); }

/// C2 of phi.dot, C1 of phi.dot_matrix.
static LogicalResult verifyMax(Operation *op, int64_t max, bool signedCodes) {
  int64_t largest = signedCodes ? 128 : 255;
  if (max < 1 || max > largest)
    return op->emitOpError("max must be 1 to ") << largest << ", got " << max;
  return success();
}

LogicalResult DotOp::verify() {
  if (lanes(getCodes()) != 4 * lanes(getAcc())) // C1
    return emitOpError("codes must have ")
           << 4 * lanes(getAcc()) << " lanes, got " << lanes(getCodes());
  return verifyMax(*this, getMax(), getSignedCodes());
}

LogicalResult DotMatrixOp::verify() { return verifyMax(*this, getMax(), getSignedCodes()); }

LogicalResult DotBf16Op::verify() {
  if (lanes(getLhs()) != 2 * lanes(getAcc())) // C1
    return emitOpError("factors must have ")
           << 2 * lanes(getAcc()) << " lanes, got " << lanes(getLhs());
  return success();
}

LogicalResult RescaleOp::verify() {
  if (lanes(getCodes()) % 16 != 0) // C1
    return emitOpError("the number of codes must divide by 16, got ") << lanes(getCodes());
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
