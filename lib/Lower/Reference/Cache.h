#pragma once
#include "phidias/Lower/Loops.h"

namespace phidias::lower {

/// Where in the cache, in elements, channel 0 of a position lies; heads count keys first, then
/// values: [layer][key|value][kvHead][position][headDim].
inline mlir::Value cacheRow(mlir::OpBuilder &b, mlir::Location loc, const Lowering &l,
                            phi::CacheType type, mlir::Value layer, mlir::Value head,
                            mlir::Value position) {
  mlir::Value heads = constantIndex(b, loc, 2 * type.getKvHeads());
  mlir::Value plane = add(b, loc, mul(b, loc, layer, heads), head);
  mlir::Value row = add(b, loc, mul(b, loc, plane, l.env.capacity), position);
  return mul(b, loc, row, constantIndex(b, loc, type.getHeadDim()));
}

} // namespace phidias::lower
