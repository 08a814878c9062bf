#pragma once
/// Builds calls of phirt/abi/Sim.h.

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "phirt/abi/Sim.h"

namespace phidias::sim {

struct SimBuilder {
  SimBuilder(mlir::ModuleOp module, mlir::OpBuilder &b, mlir::Location loc)
      : module(module), b(b), loc(loc) {}

  mlir::Value i32(int64_t value) const;
  mlir::Value i64(int64_t value) const;
  mlir::Type pointer() const;
  /// Declares `name` where it is new; null where it gives nothing.
  mlir::Value call(llvm::StringRef name, mlir::ValueRange operands, mlir::Type result = {}) const;
  /// `base`, an !llvm.ptr, plus bytes.
  mlir::Value offset(mlir::Value base, int64_t bytes) const;
  /// memref<?xT> at the pointer, of unknown length.
  mlir::Value buffer(mlir::Value address, mlir::Type memref) const;

  /// `words` words of 32 bits in the frame of the function around `op`: one buffer of each `name`,
  /// at the function's start, since a frame must not grow in a loop.
  mlir::Value frameOf(mlir::Operation *op, llvm::StringRef name, int64_t words) const;

  /// A value of at most 64 bits as words of 32, and back.
  llvm::SmallVector<mlir::Value> words(mlir::Value value) const;
  mlir::Value fromWords(mlir::ValueRange words, mlir::Type type) const;

  mutable mlir::ModuleOp module;
  mlir::OpBuilder &b;
  mlir::Location loc;
};

} // namespace phidias::sim
