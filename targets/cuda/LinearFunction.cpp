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

void inSmallestFunction(const vec::Emitter &e, phi::TileLinearOp op, ArrayRef<int64_t> sizes,
                        function_ref<void(phi::TileLinearOp, OpBuilder &, int64_t)> map) {
  while (sizes.size() > 1 && sizes.back() > op.getSchedule().getTokens())
    sizes = sizes.drop_back();
  int64_t tokens = sizes.front();
  auto own = [&] {
    inFunction(e, op, tokens, [&](phi::TileLinearOp copy, OpBuilder &b) { map(copy, b, tokens); });
  };
  if (sizes.size() == 1)
    return own();
  Value fits =
      arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::ule, op.getCount(), e.index(tokens));
  e.either(fits, own, [&] { inSmallestFunction(e, op, sizes.drop_front(), map); });
}

} // namespace phidias::cuda
