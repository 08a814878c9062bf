#pragma once
/// Matrix products whose A has rows of two parts of a panel below each other (LinearFewCodes.h).

#include "targets/cuda/LinearFewCodes.h"

namespace phidias::cuda {

/// C of a * b + c by mma.m16n8k32, u8 times s8; `c` in each element. a: 4, b: 2, result: 4
/// registers.
vec::Values multiplyBytes(const Block &e, mlir::ValueRange a, mlir::ValueRange b, mlir::Value c);
/// The same of bf16 by mma.m16n8k16, without c; f32.
vec::Values multiplyBf16(const Block &e, mlir::ValueRange a, mlir::ValueRange b);

/// Of a lane's four elements of C those of its own half and token: rows g and g + 8.
vec::Values pickHalf(const FewTile &tile, const FewLane &lane, mlir::ValueRange c);
/// Leaves `sums`, [set of 4 tokens][row], of token t and the lane's half, as two splits.
void leaveHalves(const FewTile &tile, const FewLane &lane, mlir::ValueRange sums,
                 const Partial &partial);

} // namespace phidias::cuda
