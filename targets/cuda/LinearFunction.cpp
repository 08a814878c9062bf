#include "targets/cuda/LinearFunction.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "phidias/Tile/Outline.h"

using namespace mlir;

namespace phidias::cuda {

void inFunction(const vec::Emitter &e, phi::TileLinearOp op, int64_t tokens,
                function_ref<void(phi::TileLinearOp, OpBuilder &)> map) {
  StringRef caller = op->getParentOfType<func::FuncOp>().getName();
  std::string name = (caller + "_x" + Twine(tokens)).str();
  auto own = cast<phi::TileLinearOp>(outline(e.b.clone(*op), name));
  OpBuilder b(own);
  map(own, b);
  own.erase();
}

} // namespace phidias::cuda
