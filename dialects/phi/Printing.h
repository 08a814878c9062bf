#pragma once
/// Pieces of assembly that declarative formats call.

#include "dialects/phi/PhiDialect.h"

namespace phidias::phi {

/// `30 x tensor<8x4xf32>` for a family, `tensor<8x4xf32>` for one matrix.
mlir::ParseResult parseFamily(mlir::OpAsmParser &parser, mlir::IntegerAttr &count,
                              mlir::TypeAttr &type);
void printFamily(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::IntegerAttr count,
                 mlir::TypeAttr type);

} // namespace phidias::phi
