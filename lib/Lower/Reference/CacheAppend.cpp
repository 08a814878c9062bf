#include "Cache.h"
#include "phidias/Lower/Loops.h"

using namespace mlir;

namespace phidias::lower {

void lowerOp(phi::CacheAppendOp op, const Lowering &l) {
  Location loc = op.getLoc();
  phi::CacheType type = op.getCache().getType();
  int64_t headDim = type.getHeadDim(), lanes = lanesFor(headDim);
  Value qkv = l.of(op.getQkv());
  int64_t queries = cast<MemRefType>(qkv.getType()).getDimSize(1) - 2 * type.getKvHeads() * headDim;
  Value zero = constantIndex(l.builder, loc, 0), end = constantIndex(l.builder, loc, headDim);
  forShare(l, loc, l.env.count, [&](OpBuilder &b, Value t) {
    Value position = add(b, loc, l.of(op.getPosition()), t);
    // Key heads, then value heads: in a row as in the cache.
    forRange(b, loc, zero, constantIndex(b, loc, 2 * type.getKvHeads()), 1,
             [&](OpBuilder &b2, Value head) {
               Value from = add(b2, loc, constantIndex(b2, loc, queries), mul(b2, loc, head, end));
               Value to = cacheRow(b2, loc, l, type, l.of(op.getLayer()), head, position);
               forRange(b2, loc, zero, end, lanes, [&](OpBuilder &b3, Value k) {
                 Value values = loadLanes(b3, loc, qkv, {t, add(b3, loc, from, k)}, lanes);
                 storeLanes(b3, loc, values, l.env.cache, add(b3, loc, to, k));
               });
             });
  });
}

} // namespace phidias::lower
