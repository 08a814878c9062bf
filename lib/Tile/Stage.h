#pragma once
/// Stages as parallel regions of tile ops; one file for each kind.

#include "dialects/phi/PhiDialect.h"
#include "phidias/Lower/Environment.h"
#include "phidias/Lower/Loops.h"

namespace phidias::tile {

/// What the stages of a module ask of the arena, and what is said of them.
struct Plan {
  phi::MachineAttr machine;
  int64_t maxTokens;
  int64_t activationsAt;       ///< byte of the arena, after its planned part
  bool chooses;                ///< the pass ends with a choice, where it is given one
  int64_t activationBytes = 0; ///< of the largest stage
  int64_t scratchBytes = 0;    ///< of a thread
  llvm::SmallVector<mlir::Attribute> stages =
      {}; ///< what the profile says: StageDescription's fields

  void needActivations(int64_t bytes) { activationBytes = std::max(activationBytes, bytes); }
  void needScratch(int64_t bytes) { scratchBytes = std::max(scratchBytes, bytes); }
};

/// Part of a total that a thread works on without a break.
struct Share {
  mlir::Value from, to;
};

/// How finely a total may be cut.
struct Grain {
  int64_t even = 1;      ///< elements that stay together where each thread has one piece
  int64_t claimed = 1;   ///< the same where pieces are claimed
  mlir::Value most = {}; ///< pieces, unless there are more threads; null: any number
};

/// One parallel region over the team: `total`, cut into l.env.pieces pieces or fewer. What a piece
/// does must depend neither on the thread nor on where the others begin.
void parallel(const lower::Lowering &l, mlir::Location loc, mlir::Value total, const Grain &grain,
              llvm::function_ref<void(mlir::OpBuilder &, Share)> body);

/// Where a weight's member starts in the weights.
mlir::Value weightOffset(const lower::Lowering &l, mlir::Location loc, llvm::StringRef name,
                         mlir::Value member);

mlir::LogicalResult tileLinear(phi::StageOp stage, const lower::Lowering &l, Plan &plan);
mlir::LogicalResult tileAttention(phi::StageOp stage, const lower::Lowering &l, Plan &plan);
mlir::LogicalResult tileEmbed(phi::StageOp stage, const lower::Lowering &l, Plan &plan);
/// The next token by the last of the rows that `stage` has made, where the pass is to choose it.
void tileChoice(phi::StageOp stage, const lower::Lowering &l, Plan &plan);
/// Rope and cache append on `rows`.
void tileAppend(phi::RopeOp rope, phi::CacheAppendOp append, mlir::Value rows,
                const lower::Lowering &l, Plan &plan);

/// The op of kind `Op` in a stage; null where there is none.
template <typename Op> Op find(phi::StageOp stage) {
  auto ops = stage.getBody().getOps<Op>();
  return ops.empty() ? Op() : *ops.begin();
}

} // namespace phidias::tile
