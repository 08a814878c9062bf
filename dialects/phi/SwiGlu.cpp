#include "dialects/phi/Shapes.h"

using namespace mlir;

namespace phidias::phi {

LogicalResult SwiGluOp::verify() {
  return verifyColumns(*this, getInput(), 2 * columnsOf(getResult()), "input"); // C1
}

} // namespace phidias::phi
