#include "phidias/Vectorize/CacheRegion.h"

using namespace mlir;

namespace phidias::vec {

static constexpr int64_t kDynamic = ShapedType::kDynamic;

/// Bytes of the keys, or of the values, of one head at one position.
static int64_t bytesPerPosition(phi::CacheType type) {
  int64_t headDim = type.getHeadDim(), bytes = type.getElementType().getIntOrFloatBitWidth() / 8;
  return headDim * bytes + (bytes == 1 ? headDim / kGroup * 2 : 0);
}

/// Where the region of `plane` (0: keys, 1: values) starts, in bytes.
static Value regionStart(const Emitter &e, phi::CacheType type, Value layer, int64_t plane,
                         Value head, Value capacity) {
  Value planes = e.add(e.mul(layer, 2), plane);
  Value region = e.add(e.mul(planes, type.getKvHeads()), head);
  return e.mul(e.mul(region, capacity), bytesPerPosition(type));
}

CacheRegion cacheRegion(const Emitter &e, Value cache, phi::CacheType type, Value layer, Value head,
                        Value capacity) {
  int64_t d = type.getHeadDim();
  Type element = type.getElementType(), f16 = e.b.getF16Type();
  Value panels = e.div(capacity, kPanel), codes = e.mul(capacity, d);
  Value keys = regionStart(e, type, layer, 0, head, capacity),
        values = regionStart(e, type, layer, 1, head, capacity);
  CacheRegion region;
  if (!element.isInteger(8)) {
    region.keys = e.view(cache, keys, MemRefType::get({kDynamic, d, kPanel}, element), panels);
    region.values = e.view(cache, values, MemRefType::get({kDynamic, d}, element), capacity);
    return region;
  }
  region.keys =
      e.view(cache, keys, MemRefType::get({kDynamic, d / 4, 4 * kPanel}, element), panels);
  Value quads = e.div(capacity, kQuad);
  region.values = e.view(cache, values, MemRefType::get({kDynamic, kQuad * d}, element), quads);
  region.valueWords =
      e.view(cache, values, MemRefType::get({kDynamic, d}, e.b.getI32Type()), quads);
  region.keyScales = e.view(cache, e.add(keys, codes),
                            MemRefType::get({kDynamic, d / kGroup, kPanel}, f16), panels);
  region.valueScales = e.view(cache, e.add(values, codes), MemRefType::get({kDynamic}, f16),
                              e.mul(capacity, d / kGroup));
  return region;
}

} // namespace phidias::vec
