#pragma once
/// What a lowered function works on: its arguments, the same for the entry and for every layer
/// body.

#include "dialects/phi/PhiDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace phidias::lower {

/// The run-time values of one pass; the fields of phirt::abi::ForwardArgs.
struct Environment {
  mlir::Value weights;  ///< memref<?xi8>
  mlir::Value arena;    ///< memref<?xi8>
  mlir::Value cache;    ///< memref<?xf32>, [layer][key|value][kvHead][position][headDim]; for the
                        ///< tiled pipeline memref<?xi8>, as !phi.cache says
  mlir::Value tokens;   ///< memref<?xi32>
  mlir::Value logits;   ///< memref<?xi8>
  mlir::Value count;    ///< index: tokens of this pass
  mlir::Value position; ///< index: position of the first
  mlir::Value capacity; ///< index: positions that the cache holds
  mlir::Value rows;     ///< index: rows of logits wanted
  mlir::Value useLong;  ///< i1: LongRoPE's long factors hold
  mlir::Value thread, threads; ///< index
  mlir::Value barrier;         ///< !llvm.ptr
  mlir::Value scratch;         ///< memref<?xi8>, this thread's own
  mlir::Value profile;         ///< !llvm.ptr, null where no one measures
  mlir::Value pieces;          ///< index: into how many a region is cut at most
  mlir::Value claims;          ///< !llvm.ptr, handed to phirt_claim
  mlir::Value choice;          ///< memref<?xi8> at null where the pass chooses no token

  static llvm::SmallVector<mlir::Type> types(mlir::Type cacheElement);
  static Environment from(mlir::ValueRange arguments);
  llvm::SmallVector<mlir::Value> values() const;
};

struct Lowering;
/// Lowers one op of a block.
using OpLowering = llvm::function_ref<mlir::LogicalResult(mlir::Operation *, const Lowering &)>;

/// Where the values of a phi function live while it is lowered.
struct Lowering {
  mlir::OpBuilder &builder;
  mlir::SymbolTable &symbols;
  Environment env;
  mlir::DenseMap<mlir::Value, mlir::Value> &lowered; ///< phi value → memref of rows, or index
  OpLowering lowerOne;                               ///< for the ops of a block
  mlir::Type cacheElement;                           ///< of env.cache

  /// memref<?xNxf32> of rows, or the scalar, that stands for `value`.
  mlir::Value of(mlir::Value value) const { return lowered.lookup(value); }
  /// The place in the arena, or in the caller's logits, of what `op` makes.
  mlir::Value place(mlir::Operation *op) const;
  /// memref<RxCxT> of the weight (of its member, for a family).
  mlir::Value weight(mlir::Location loc, llvm::StringRef name, mlir::Value member) const;
};

} // namespace phidias::lower
