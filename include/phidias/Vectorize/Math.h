#pragma once
/// Elementary functions as vector code, so that no library is called in an inner loop.

#include "mlir/IR/Builders.h"

namespace phidias::vec {

/// e^x of each lane of a vector of f32, within 1 ulp. Below -87.33 the result is 0 and above 88.72
/// infinity; a result that has no normal f32 is 0; NaN stays NaN.
mlir::Value emitExp(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x);

/// The same for x <= 0 (or NaN) alone, one select cheaper: what a softmax needs.
mlir::Value emitExpOfNegative(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x);

} // namespace phidias::vec
