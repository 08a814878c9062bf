#pragma once
/// Shape rules that several ops share.

#include "dialects/phi/PhiDialect.h"

namespace phidias::phi {

/// Columns of `tensor<?xNxf32>`: N.
int64_t columnsOf(mlir::Value rows);

/// The weight that `op` names must exist, be [rows, columns] (-1: any), and be a family exactly
/// where an index is given.
mlir::LogicalResult verifyWeightUse(mlir::Operation *op, mlir::SymbolTableCollection &symbols,
                                    mlir::FlatSymbolRefAttr name, bool indexed, int64_t rows,
                                    int64_t columns);

/// The last dimension of `rows` must be `expected`; `what` names the value in the message.
mlir::LogicalResult verifyColumns(mlir::Operation *op, mlir::Value rows, int64_t expected,
                                  llvm::StringRef what);

/// `heads` is a positive multiple of the cache's kv heads.
mlir::LogicalResult verifyHeads(mlir::Operation *op, int64_t heads, CacheType cache);
/// A buffer of rows has `expected` columns, side by side.
mlir::LogicalResult verifyBufferColumns(mlir::Operation *op, mlir::Value rows, int64_t expected,
                                        llvm::StringRef what);

} // namespace phidias::phi
