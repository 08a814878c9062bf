#include "dialects/phi/Shapes.h"

using namespace mlir;

namespace phidias::phi {

LogicalResult LinearOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyWeightUse(*this, symbols, getWeightAttr(), static_cast<bool>(getMember()),
                         columnsOf(getResult()),
                         columnsOf(getInput())); // C1
}

} // namespace phidias::phi
