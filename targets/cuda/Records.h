#pragma once
/// Records of bf16, and wide rows (WideRow.h), where wgmma multiplies with them:
/// tiles of 8 tokens by 64 columns, as the tensor cores read them from shared memory, so that one
/// bulk copy brings one.
///
///     of eight tokens   [chunk of 64 columns][token: 8][128 bytes], as large as their records
///     a token's bytes   eight units of 16; unit u lies at u ^ (token % 8): "128-byte swizzle"
///     a unit            two quads of 4 columns; quad q of a chunk is number q % 8 * 2 + q / 8:
///     what
///                       lanes t = 0 .. 3 have of a fragment of the weights are columns from both
///                       halves of a chunk, which lie in different banks (LinearWgmma.h)
///
/// Wide rows for f16 weights have chunks of each part; those for codes have their own order
/// (WideRow.h) in place of the quads'. Behind the eight tokens' chunks lie their factors, f32
/// [token].

#include "dialects/phi/Activations.h"
#include "phidias/Vectorize/Emitter.h"
#include "targets/cuda/Capability.h"

namespace phidias::cuda {

inline constexpr int64_t kTileTokens = 8, kTileColumns = 64;
inline constexpr int64_t kTileRowBytes = 2 * kTileColumns;
inline constexpr int64_t kTileBytes = kTileTokens * kTileRowBytes;

/// Whether long passes multiply such weights by wgmma.
bool byWgmma(mlir::Type weight, mlir::Type activation, const Capability &capability);
/// Whether the records of such activations lie so in all passes.
bool liesInTiles(mlir::Type activation, const Capability &capability);

/// Where columns [4 * quad, 4 * quad + 4) of a token lie, in bytes from the first record on.
mlir::Value tiledQuad(const vec::Emitter &e, int64_t recordBytes, mlir::Value token,
                      mlir::Value quad);
/// Where byte `byte` of a wide row for codes lies.
mlir::Value tiledByte(const vec::Emitter &e, int64_t recordBytes, mlir::Value token,
                      mlir::Value byte);
/// Where a token's factor lies.
mlir::Value tiledFactor(const vec::Emitter &e, const phi::ActivationLayout &acts,
                        mlir::Value token);

} // namespace phidias::cuda
