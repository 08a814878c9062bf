#include "LaneValues.h"
#include "LaneGroup.h"

using namespace mlir;

namespace phidias::vec {

Value LaneValues::pairBlock(Value record, Value group, int64_t block) const {
  const Emitter &e = c.e;
  Value at = e.add(e.mul(group, 16), block * 4);
  Value words = e.load(4, c.words, e.add(record, at));
  return e.recast(words, kPartBytes, e.b.getI8Type());
}

Value LaneValues::quad(Value record, int64_t token, Value group, int64_t quad) const {
  const Emitter &e = c.e;
  auto repeated = [&](Value four, int64_t lane) {
    return e.recast(e.repeat(four, lane, 4), kPartBytes, e.b.getI8Type());
  };
  if (!c.acts.pairs) {
    // All of the group, which one load may bring (targets/arm/LoadLines.cpp).
    Value whole = e.load(kQuads, c.words, e.add(record, e.mul(group, kQuads)));
    return repeated(e.slice(whole, quad / 4 * 4, 4), quad % 4);
  }
  Value at = e.add(e.mul(group, 16), quad / 2 * 4);
  return repeated(e.load(4, c.words, e.add(record, at)), token % 2 * 2 + quad % 2);
}

Value LaneValues::pairWords(Value buffer, int64_t part, Value record, Value group) const {
  return c.e.load(4, buffer, c.e.add(record, c.e.add(c.e.mul(group, 4), part / 4)));
}

Value LaneValues::word(Value buffer, int64_t part, Value record, int64_t token, Value group) const {
  if (c.acts.pairs)
    return c.e.repeat(pairWords(buffer, part, record, group), token % 2, 4);
  return c.e.splat(4, c.e.loadOne(buffer, c.e.add(record, c.e.add(group, part / 4))));
}

Value LaneValues::scale(Value record, int64_t token, Value group) const {
  return word(c.floats, c.acts.scales, record, token, group);
}
Value LaneValues::sum(Value record, int64_t token, Value group) const {
  return word(c.words, c.acts.sums, record, token, group);
}
Value LaneValues::scaledSum(Value record, int64_t token, Value group) const {
  return word(c.floats, c.acts.sums, record, token, group);
}
Value LaneValues::pairScales(Value record, Value group) const {
  return pairWords(c.floats, c.acts.scales, record, group);
}
Value LaneValues::pairSums(Value record, Value group) const {
  return pairWords(c.floats, c.acts.sums, record, group);
}

} // namespace phidias::vec
