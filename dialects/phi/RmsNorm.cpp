#include "dialects/phi/Shapes.h"

using namespace mlir;

namespace phidias::phi {

LogicalResult RmsNormOp::verify() {
  if (!getEps().isFinite() || getEps().isNegative()) // C2
    return emitOpError("eps must be finite and not negative");
  return success();
}

LogicalResult RmsNormOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyWeightUse(*this, symbols, getWeightAttr(), static_cast<bool>(getMember()), 1,
                         columnsOf(getInput())); // C1
}

} // namespace phidias::phi
