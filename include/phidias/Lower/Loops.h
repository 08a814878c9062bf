#pragma once
/// The few shapes of loop that the reference lowering is made of.

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "phidias/Lower/Environment.h"

namespace phidias::lower {

using Body = llvm::function_ref<void(mlir::OpBuilder &, mlir::Value)>;

mlir::Value constantIndex(mlir::OpBuilder &b, mlir::Location loc, int64_t value);
mlir::Value constantF32(mlir::OpBuilder &b, mlir::Location loc, double value);
mlir::Value add(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x,
                mlir::Value y); ///< of index values
mlir::Value mul(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x,
                mlir::Value y); ///< of index values

/// for i in [from, to) step `step`.
void forRange(mlir::OpBuilder &b, mlir::Location loc, mlir::Value from, mlir::Value to,
              int64_t step, Body body);

/// The attribute of a loop whose iterations are a share of a team's work, and independent.
inline constexpr llvm::StringLiteral kShare = "phi.share";

/// for i in this thread's share of [0, total); then the barrier of the team.
void forShare(const Lowering &l, mlir::Location loc, mlir::Value total, Body body);

/// How many elements of a run of `length` are summed side by side: the largest power of two up to
/// 64 that divides it.
int64_t lanesFor(int64_t length);

/// `lanes` elements from buffer[indices...] on, widened to f32.
mlir::Value loadLanes(mlir::OpBuilder &b, mlir::Location loc, mlir::Value buffer,
                      mlir::ValueRange indices, int64_t lanes);
void storeLanes(mlir::OpBuilder &b, mlir::Location loc, mlir::Value lanes, mlir::Value buffer,
                mlir::ValueRange indices);
mlir::Value splat(mlir::OpBuilder &b, mlir::Location loc, mlir::Value scalar, int64_t lanes);

/// sum of x[xRow, k] * y[yRow, k] over k < columns, which both have.
mlir::Value dotRows(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value xRow,
                    mlir::Value y, mlir::Value yRow);
/// Sum of the lanes.
mlir::Value sumLanes(mlir::OpBuilder &b, mlir::Location loc, mlir::Value lanes);
/// target[targetRow, :] = source[sourceRow, :], widened to f32.
void copyRow(mlir::OpBuilder &b, mlir::Location loc, mlir::Value source, mlir::Value sourceRow,
             mlir::Value target, mlir::Value targetRow);

/// One op, one file of Reference/. Each fills what it makes and meets the team at a barrier.
void lowerOp(phi::EmbedOp op, const Lowering &l);
void lowerOp(phi::RmsNormOp op, const Lowering &l);
void lowerOp(phi::LinearOp op, const Lowering &l);
void lowerOp(phi::LogitsOp op, const Lowering &l);
void lowerOp(phi::RopeOp op, const Lowering &l);
void lowerOp(phi::CacheAppendOp op, const Lowering &l);
void lowerOp(phi::AttentionOp op, const Lowering &l);
void lowerOp(phi::SwiGluOp op, const Lowering &l);
void lowerOp(phi::AddOp op, const Lowering &l);
/// Fails, with a diagnostic, where a body has an op that cannot be lowered.
mlir::LogicalResult lowerOp(phi::LayersOp op, const Lowering &l);

/// Every operand but the cache must have been lowered: a body of phi.layers sees its own rows
/// alone.
mlir::LogicalResult checkOperands(mlir::Operation *op, const Lowering &l);
/// Lowers the ops of a block up to its terminator, each by `l.lowerOne`.
mlir::LogicalResult lowerBlock(mlir::Block &block, const Lowering &l);
/// The reference lowering of any op, whose kinds are above.
mlir::LogicalResult lowerReference(mlir::Operation *op, const Lowering &l);
/// Declares what the code calls of the runtime: phirt_barrier, phirt_claim and phirt_stage.
void declareRuntime(mlir::ModuleOp module, mlir::SymbolTable &symbols);
/// Every function of the module to one on buffers, block by block, each op by `lowerOne`; weights
/// are gone then. Needs phi-assign-layout and phi-plan-arena.
mlir::LogicalResult lowerFunctions(mlir::ModuleOp module, OpLowering lowerOne,
                                   mlir::Type cacheElement);
/// rows of `source` to `target`, cut over the team.
void copyRows(const Lowering &l, mlir::Location loc, mlir::Value source, mlir::Value target);

} // namespace phidias::lower
