#pragma once
/// What becomes of a product: stored, added to the residual, or gated.

#include "dialects/phi/Panel.h"
#include "dialects/phi/PhiDialect.h"
#include "targets/cuda/Block.h"

namespace phidias::cuda {

/// result[token, row] = what `acc` makes: with a residual that + acc; gated silu(acc) * up. `row`:
/// of the weight, of the gate where it is gated; rows of the padding are left out. `token`: of the
/// pass, below its count. `up`: null unless gated.
void storeResult(const Block &block, phi::TileLinearOp op, mlir::Value row, mlir::Value token,
                 mlir::Value acc, mlir::Value up);
/// The same of rows `row`, an even one, and the next. `ups`: two, or none.
void storeTwoResults(const Block &block, phi::TileLinearOp op, mlir::Value row, mlir::Value token,
                     mlir::ValueRange accs, mlir::ValueRange ups);

} // namespace phidias::cuda
