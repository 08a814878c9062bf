// Arithmetic is counted by blocks: what stands in one is executed together. An op on a vector is
// one for each element; what only renames or regroups registers is none.

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "targets/cuda/sim/LowerOps.h"
#include "targets/cuda/sim/SimBuilder.h"

using namespace mlir;

namespace phidias::sim {
namespace {

bool isArithmetic(Operation *op) {
  if (isa<arith::ConstantOp, arith::BitcastOp, arith::IndexCastOp, arith::IndexCastUIOp>(op))
    return false;
  return isa_and_nonnull<arith::ArithDialect, math::MathDialect>(op->getDialect()) ||
         isa<vector::FMAOp, vector::ReductionOp>(op);
}

int64_t elementsOf(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? vector.getNumElements() : 1;
}

int64_t countOf(Operation *op) {
  if (!isArithmetic(op))
    return 0;
  return isa<vector::ReductionOp>(op) ? elementsOf(op->getOperand(0).getType())
                                      : elementsOf(op->getResult(0).getType());
}

} // namespace

void countOthers(ModuleOp module) {
  for (auto function : llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    function.walk([&](Block *block) {
      int64_t count = 0;
      for (Operation &op : *block)
        count += countOf(&op);
      if (count == 0)
        return;
      OpBuilder b = OpBuilder::atBlockBegin(block);
      SimBuilder s(module, b, block->front().getLoc());
      s.call("phisim_others", s.i32(count));
    });
}

} // namespace phidias::sim
