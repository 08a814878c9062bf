#pragma once
/// What sm_90 does asynchronously: mbarriers, bulk copies that they count, and wgmma, by which four
/// warps multiply. Places are bytes of shared memory.

#include "targets/cuda/Block.h"

namespace phidias::cuda {

inline constexpr int64_t kGroupThreads = 128; ///< of a warpgroup
inline constexpr int64_t kGroupRows = 64;     ///< of A

/// An mbarrier of 8 bytes; its phases are over when `arrivals` have come, and all bytes expected.
void initBarrier(const Block &e, mlir::Value at, int64_t arrivals);
void endBarrier(const Block &e, mlir::Value at);
void arrive(const Block &e, mlir::Value at);
void arriveExpecting(const Block &e, mlir::Value at, int64_t bytes);
/// Until the phase of that parity, i32, is over; the one before the first has parity 1.
void waitFor(const Block &e, mlir::Value at, mlir::Value parity);

/// Starts to copy `count` bytes, all a multiple of 16, from byte `from` of `bytes` to byte `to`.
void copyBulk(const Block &e, mlir::Value bytes, mlir::Value from, mlir::Value to, int64_t count,
              mlir::Value barrier);
/// What this thread wrote, or has seen of others by a barrier of the grid, is seen by copies and
/// wgmmas that come after a barrier of the block: shared memory, and global memory, which these
/// read by a proxy of their own.
void fenceAsync(const Block &e);

/// The descriptor, i64, of a matrix whose rows are 128 bytes along k, eight of them a tile of 1024
/// bytes with its units swizzled (Records.h), tiles one after the other from byte `at` on.
mlir::Value describeTiles(const Block &e, mlir::Value at);
/// acc + A * B for 64 rows by `2 * acc.size()` columns, begun. a: four registers, i32, rows
/// and columns as in TensorCore.h, the warps' rows below each other; acc: f32, of a lane (4g + t)
/// [8 columns][row g, g + 8][column 2t, 2t + 1]. Between fenceRegisters() and commitProducts().
vec::Values multiplyGroup(const Block &e, mlir::Type element, mlir::ValueRange a,
                          mlir::Value descriptor, mlir::ValueRange acc);
void fenceRegisters(const Block &e);
void commitProducts(const Block &e);
/// Until all but the last `groups` groups of products are there.
void waitProducts(const Block &e, int64_t groups);

} // namespace phidias::cuda
