#pragma once
/// The rotation of !phi.quantized's groups.

#include "phidias/Vectorize/Emitter.h"

namespace phidias::vec {

/// Columns of a group.
inline constexpr int64_t kRotated = 32;

/// The 32 columns of `low` and `high`, 16 lanes each, times `H[i][j] = (-1)^popcount(i & j)`:
/// sqrt(32) times what the type's page says, which the caller takes back where it costs least.
std::pair<mlir::Value, mlir::Value> rotate(const Emitter &e, mlir::Value low, mlir::Value high);

} // namespace phidias::vec
