#pragma once
/// The keys and values of one kv head of one layer in the cache, as typed buffers.

#include "dialects/phi/PhiDialect.h"
#include "phidias/Vectorize/Emitter.h"

namespace phidias::vec {

constexpr int64_t kPanel = 16; ///< positions whose keys lie together
constexpr int64_t kQuad = 4;   ///< positions whose values lie together in an i8 cache
constexpr int64_t kGroup = 32; ///< channels that share a scale in an i8 cache

/// capacity is a multiple of kPanel; D: channels of a head.
struct CacheRegion {
  /// f32, f16: memref<?xDx16xT>, [position / 16][channel][position % 16].
  /// i8: memref<?x(D/4)x64xi8>, [position / 16][channel / 4][4 * (position % 16) + channel % 4],
  /// code + 128.
  mlir::Value keys;
  mlir::Value values;      ///< f32, f16: memref<?xDxT>; i8: memref<?x(4D)xi8>, [position / 4][4 *
                           ///< channel + position % 4]
  mlir::Value valueWords;  ///< i8: memref<?xDxi32>, the same, a channel of four positions
  mlir::Value keyScales;   ///< i8: memref<?x(D/32)x16xf16>
  mlir::Value valueScales; ///< i8: memref<?xf16>, [position][channel / 32]
};

CacheRegion cacheRegion(const Emitter &e, mlir::Value cache, phi::CacheType type, mlir::Value layer,
                        mlir::Value head, mlir::Value capacity);

} // namespace phidias::vec
