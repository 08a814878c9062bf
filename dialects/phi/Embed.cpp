#include "dialects/phi/Shapes.h"

using namespace mlir;

namespace phidias::phi {

LogicalResult EmbedOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyWeightUse(*this, symbols, getWeightAttr(), false, -1, columnsOf(getResult())); // C1
}

} // namespace phidias::phi
