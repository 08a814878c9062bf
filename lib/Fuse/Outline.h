#pragma once
/// What the fusions share: moving a chain of ops into a stage.

#include "dialects/phi/PhiDialect.h"

namespace phidias::fuse {

/// Moves `chain`, ops of one block in their order, into a new phi.stage where the last of them
/// stands. Its results are the values that others read. Null, with a remark on the last op that
/// says why, where a value but the last op's is read by something that comes before the last op.
phi::StageOp outline(llvm::StringRef name, llvm::ArrayRef<mlir::Operation *> chain);

/// The op of kind `Op` that makes `value`; null, with a remark on `user`, where another op makes it
/// or where others read it too.
template <typename Op> Op soleProducer(mlir::Value value, mlir::Operation *user) {
  auto op = value.getDefiningOp<Op>();
  if (!op)
    user->emitRemark("not fused: its input is not made by ") << Op::getOperationName();
  else if (!value.hasOneUse())
    user->emitRemark("not fused: the result of ")
        << Op::getOperationName() << " has " << std::distance(value.use_begin(), value.use_end())
        << " readers";
  return op && value.hasOneUse() ? op : Op();
}

/// All ops of kind `Op` in the module that are not in a stage yet.
template <typename Op> llvm::SmallVector<Op> unfused(mlir::ModuleOp module) {
  llvm::SmallVector<Op> ops;
  module.walk([&](Op op) {
    if (!op->template getParentOfType<phi::StageOp>())
      ops.push_back(op);
  });
  return ops;
}

} // namespace phidias::fuse
