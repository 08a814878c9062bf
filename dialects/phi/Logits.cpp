#include "dialects/phi/Shapes.h"

using namespace mlir;

namespace phidias::phi {

LogicalResult LogitsOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyWeightUse(*this, symbols, getWeightAttr(), false, columnsOf(getResult()),
                         columnsOf(getInput())); // C1
}

} // namespace phidias::phi
