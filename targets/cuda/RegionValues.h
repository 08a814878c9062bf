#pragma once
/// What the code of a pass knows of the stretch of regions that a launch runs.

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "phidias/Lower/Environment.h"

namespace phidias::cuda {

/// Called where a region ends: `barrier`, how many regions of the launch are left, below 0 where
/// blocks meet, and whether all blocks have run the region or one alone.
inline constexpr llvm::StringLiteral kRegionEnd = "phi_region_end";

/// Launches of the kernel all run the whole pass: what is for others falls away.
void assumeWhole(mlir::ModuleOp module);

/// The values of one function: its new arguments, and what follows from them.
class RegionValues {
public:
  /// Gives `function` the arguments. `hasBase`: also the number of its first region, which is 0
  /// otherwise.
  RegionValues(mlir::func::FuncOp function, bool hasBase);
  /// Of what is called.
  static void declare(mlir::ModuleOp module);

  /// Puts `work` into branches that are taken where the launch runs the function's region `number`:
  /// what asks for weights ahead where it is, so that nothing is computed earlier than before, all
  /// other in a row at the place of the last of these. Empties it.
  void guard(llvm::SmallVectorImpl<mlir::Operation *> &work, int64_t number);
  /// Has no more blocks take part in `work` than share a narrow region.
  void narrow(llvm::ArrayRef<mlir::Operation *> work);
  /// The end of region `number` in place of `barrier`.
  mlir::Operation *end(mlir::func::CallOp barrier, int64_t number, bool isWide);
  /// Hands the arguments on to a layer whose first region is `number`, and `count` more for each
  /// layer before it.
  void pass(mlir::func::CallOp call, int64_t number, int64_t count, mlir::Value index);
  /// Has a loop over layers of `count` regions each, the first of them `number`, begin with the
  /// layer of the launch's first region.
  void startAt(mlir::scf::ForOp loop, int64_t number, int64_t count);

private:
  void guardTogether(llvm::ArrayRef<mlir::Operation *> work, int64_t number);
  mlir::Value numberOf(mlir::OpBuilder &b, int64_t number);

  mlir::func::FuncOp function;
  lower::Environment env;
  mlir::Value first, count, blocks; ///< of a launch: ForwardArgs' fields
  mlir::Value base;                 ///< null: 0
};

} // namespace phidias::cuda
