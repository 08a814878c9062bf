#pragma once
/// What the targets' lowerings of phi's vector ops have in common.

#include "dialects/phi/PhiDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/Sequence.h"

namespace phidias {

/// Builds at `b`'s insertion point.
struct VectorBuilder {
  explicit VectorBuilder(mlir::Operation *op) : b(op), loc(op->getLoc()) {}

  static int64_t lanesOf(mlir::Value vector);
  mlir::VectorType vector(int64_t lanes, mlir::Type element) const;
  /// A call of an intrinsic of LLVM's; types that its name has are found from the operands.
  mlir::Value call(llvm::StringRef name, mlir::Type result, mlir::ValueRange operands);
  mlir::Value recast(mlir::Value vector, int64_t lanes, mlir::Type element);
  mlir::Value splat(mlir::Type vector, int64_t value);
  /// The lower (0) or upper (1) half of a vector's lanes.
  mlir::Value slice(mlir::Value vector, int64_t half);
  /// Vectors side by side, a power of two of them.
  mlir::Value joined(mlir::ValueRange parts);
  /// 16 bytes, again and again up to `bytes`.
  mlir::Value table(llvm::ArrayRef<int8_t> sixteen, int64_t bytes);
  /// Low or high bf16 of each 32-bit lane, as f32.
  mlir::Value widened(mlir::Value pairs, bool high);
  /// phi.rescale by products of 16 bits.
  mlir::Value rescaleInWords(phi::RescaleOp op);
  /// phi.dot_bf16 as two multiply-adds of f32, the low halves first.
  mlir::Value fmaOfHalves(phi::DotBf16Op op);

  /// Vectors longer than the machine's: the op on both halves, each lowered in its turn.
  template <typename Op, typename Lower> mlir::Value inHalves(Op op, Lower &&lower) {
    int64_t lanes = lanesOf(op.getResult());
    llvm::SmallVector<mlir::Value> halves;
    for (int64_t half = 0; half < 2; ++half) {
      llvm::SmallVector<mlir::Value> operands;
      for (mlir::Value operand : op->getOperands())
        operands.push_back(slice(operand, half));
      auto type = vector(lanes / 2, op.getType().getElementType());
      auto part = Op::create(b, loc, type, operands, op->getAttrs());
      halves.push_back(lower(part));
      part.erase();
    }
    return joined(halves);
  }

  /// phi.dot_matrix as two of phi.dot, of the first and the last four columns.
  template <typename Lower> mlir::Value matrixByDots(phi::DotMatrixOp op, Lower &&lower) {
    mlir::Value sum = op.getAcc();
    for (int64_t quad = 0; quad < 2; ++quad) {
      auto dot = phi::DotOp::create(b, loc, op.getType(), sum,
                                    words(op.getCodes(), {quad, quad, 2 + quad, 2 + quad}),
                                    words(op.getValues(), {quad, 2 + quad, quad, 2 + quad}),
                                    op.getMax(), op.getSignedCodes());
      sum = lower(dot);
      dot.erase();
    }
    return sum;
  }

  mlir::OpBuilder b;
  mlir::Location loc;

private:
  /// Of 16 bytes, the words with these numbers.
  mlir::Value words(mlir::Value bytes, llvm::ArrayRef<int64_t> numbers);
};

/// Replaces every op of one of the kinds `Ops` in `module` by what `lower` gives for it.
template <typename... Ops, typename Lower> void lowerEach(mlir::ModuleOp module, Lower &&lower) {
  auto replace = [&](auto op) {
    op.replaceAllUsesWith(lower(op));
    op.erase();
  };
  module.walk([&](mlir::Operation *op) {
    (void)((llvm::isa<Ops>(op) && (replace(llvm::cast<Ops>(op)), true)) || ...);
  });
}

/// All that a target's pass does: each of phi's vector ops by `Lowering(op, machine).lower(op)`,
/// for the module's phi.machine.
template <typename Lowering> mlir::LogicalResult lowerVectorOps(mlir::ModuleOp module) {
  auto machine = module->getAttrOfType<phi::MachineAttr>("phi.machine");
  if (!machine)
    return module.emitError("has no phi.machine");
  lowerEach<phi::DotOp, phi::DotMatrixOp, phi::DotBf16Op, phi::LookupOp, phi::RescaleOp>(
      module, [&](auto op) { return Lowering(op, machine).lower(op); });
  return mlir::success();
}

} // namespace phidias
