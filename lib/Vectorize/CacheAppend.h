#pragma once
/// How keys and values of one head at one position are written into the cache.

#include "phidias/Vectorize/CacheRegion.h"

namespace phidias::vec {

/// Channels from rows[token, keyColumn] and rows[token, valueColumn] on go to `position`.
void storeHead(const Emitter &e, phi::CacheType type, const CacheRegion &region, mlir::Value rows,
               mlir::Value token, mlir::Value keyColumn, mlir::Value valueColumn,
               mlir::Value position, int64_t lanes);

} // namespace phidias::vec
