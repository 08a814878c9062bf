#include "dialects/phi/PhiDialect.h"

using namespace mlir;

namespace phidias::phi {

LogicalResult StageOp::verify() {
  auto yield = dyn_cast<StageYieldOp>(getBody().front().getTerminator());
  if (!yield) // C1
    return emitOpError("must end in phi.stage_yield");
  if (yield.getOperandTypes() != getResultTypes()) // C1
    return emitOpError("yields (")
           << yield.getOperandTypes() << "), its results are (" << getResultTypes() << ")";
  return success();
}

} // namespace phidias::phi
