#include "targets/cuda/ForgetAtBarriers.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "phidias/Lower/Environment.h"

using namespace mlir;

namespace phidias::cuda {
namespace {

/// An empty instruction gives `index`, which has so many bits, again. That it has no more is what
/// keeps divisions short, so it is said once more.
Value again(OpBuilder &b, Value index, unsigned bits) {
  Location loc = index.getLoc();
  Type type = b.getIntegerType(bits);
  Value number = arith::IndexCastUIOp::create(b, loc, type, index);
  auto copy = LLVM::InlineAsmOp::create(
      b, loc, type, number, "", bits == 16 ? "=h,0" : "=r,0", /*has_side_effects=*/true,
      /*is_align_stack=*/false, LLVM::TailCallKind::None, /*asm_dialect=*/{}, /*operand_attrs=*/{});
  return arith::IndexCastUIOp::create(b, loc, b.getIndexType(), copy.getResult(0));
}

bool isBarrier(Operation &op) {
  auto call = dyn_cast<func::CallOp>(op);
  return call && call.getCallee() == "phirt_barrier";
}

void forgetAfter(Operation *barrier, func::FuncOp function) {
  auto env = lower::Environment::from(function.getArguments());
  OpBuilder b(function.getContext());
  b.setInsertionPointAfter(barrier);
  auto forget = [&](Value number, unsigned bits) {
    Value copy = again(b, number, bits);
    number.replaceUsesWithIf(copy, [&](OpOperand &use) {
      Operation *user = barrier->getBlock()->findAncestorOpInBlock(*use.getOwner());
      return user && copy.getDefiningOp()->isBeforeInBlock(user);
    });
  };
  for (Value positions : {env.position, env.capacity})
    forget(positions, 32);
  // Fewer than 2^15 each.
  for (Value number : {env.count, env.rows, env.thread, env.threads, env.pieces})
    forget(number, 16);
}

} // namespace

void forgetAtBarriers(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>())
    if (!function.isExternal())
      for (Operation &op : llvm::make_early_inc_range(llvm::reverse(function.getBody().front())))
        if (isBarrier(op))
          forgetAfter(&op, function);
}

} // namespace phidias::cuda
