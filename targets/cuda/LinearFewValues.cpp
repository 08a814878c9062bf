#include "targets/cuda/LinearFewValues.h"

using namespace mlir;

namespace phidias::cuda {

constexpr int64_t kGroup = 32; ///< columns that share a scale
constexpr int64_t kSetTokens = 4;

FewValues::FewValues(const FewTile &tile, const FewLane &lane)
    : tile(tile), e(tile.e), lane(lane), type(cast<phi::QuantizedType>(tile.element)) {}

/// A token of the kernel where there are fewer than a set has.
Value FewValues::clamp(Value token, int64_t set) const {
  if (tile.tokens >= kSetTokens)
    return e.add(token, set * kSetTokens);
  return e.min(token, e.index(tile.tokens - 1));
}

Value FewValues::word(Value byte) const { return tile.loadActivation(e.b.getI32Type(), byte); }

/// Four columns of each half of a group, in the order of the codes.
vec::Values FewValues::ordered(Value low, Value high) const {
  if (!type.getCodebook())
    return {low, high};
  return {permuteBytes(e, low, high, e.i32(0x5140)), permuteBytes(e, low, high, e.i32(0x7362))};
}

vec::Values FewValues::loadFactors(Value record, Value group) const {
  auto at = [&](int64_t part, Value number) {
    return e.add(e.add(record, e.mul(number, sizeof(float))), part);
  };
  Value scale = word(at(tile.acts.scales, group));
  if (isSix()) {
    Value first = e.mul(group, 2);
    return {scale, word(at(tile.acts.sums, first)), word(at(tile.acts.sums, e.add(first, 1)))};
  }
  Value sum = word(at(tile.acts.sums, group));
  if (!type.getMinimum())
    sum = arith::SubIOp::create(e.b, e.loc, e.i32(kMagicBits), sum);
  return {scale, sum};
}

// A thread's items, groups of a token, are loaded together, so that their latencies pass as one.
void FewValues::beginStage(int64_t from) {
  start = from;
  int64_t bytes = stagedBytes();
  staged[0] = e.shared(start, bytes / 8, e.vector(2, e.b.getI32Type()));
  staged[1] = e.shared(start, bytes / 16, e.vector(4, e.b.getI32Type()));
  for (int64_t first = 0; first < items(); first += kBlockThreads)
    loadItem(e.add(e.thread, first));
}

void FewValues::loadItem(Value item) {
  if (items() % kBlockThreads)
    item = e.min(item, e.index(items() - 1));
  Value record = tile.record(e.div(item, 2 * tile.steps)), group = e.rem(item, 2 * tile.steps);
  Type words = e.vector(4, e.b.getI32Type());
  for (int64_t side = 0; side < 2; ++side)
    loaded.push_back(
        tile.loadActivation(words, e.add(e.add(record, e.mul(group, kGroup)), side * kPieceBytes)));
  loaded.append(loadFactors(record, group));
}

void FewValues::endStage() const {
  int64_t each = 2 + (isSix() ? 3 : 2);
  for (int64_t first = 0, i = 0; first < items(); first += kBlockThreads, ++i) {
    Value item = e.add(e.thread, first);
    ArrayRef<Value> own = ArrayRef(loaded).slice(i * each, each);
    if (first + kBlockThreads <= items())
      storeItem(item, own);
    else
      e.when(e.less(item, e.index(items())), [&] { storeItem(item, own); });
  }
}

void FewValues::storeItem(Value item, ValueRange loaded) const {
  Value token = e.div(item, 2 * tile.steps), group = e.rem(item, 2 * tile.steps);
  Value half = e.rem(group, 2), step = e.div(group, 2);
  vec::Values words;
  for (int64_t t = 0; t < 4; ++t)
    words.append(ordered(tile.at(loaded[0], t), tile.at(loaded[1], t)));
  auto four = [&](ValueRange some) -> Value {
    return vector::FromElementsOp::create(e.b, e.loc, e.vector(4, e.b.getI32Type()), some);
  };
  Value quads = e.add(e.mul(step, stepBytes() / 16), e.add(e.mul(token, 4), half));
  e.storeOne(four(ArrayRef(words).take_front(4)), staged[1], quads);
  e.storeOne(four(ArrayRef(words).drop_front(4)), staged[1], e.add(quads, 2));
  Value factors = factorPlace(step, token, half);
  if (isSix())
    return e.storeOne(four({loaded[2], loaded[3], loaded[4], e.i32(0)}), staged[1], factors);
  Value two = vector::FromElementsOp::create(e.b, e.loc, e.vector(2, e.b.getI32Type()),
                                             ValueRange{loaded[2], loaded[3]});
  e.storeOne(two, staged[0], factors);
}

/// In units of all factors of a group.
Value FewValues::factorPlace(Value step, Value token, Value half) const {
  int64_t bytes = factorBytes();
  Value own = e.add(e.mul(step, stepFactorBytes() / bytes), e.add(e.mul(token, 2), half));
  return e.add(own, factorsAt() / bytes);
}

vec::Values FewValues::codes(Value step, int64_t set) const {
  Value token = clamp(e.div(lane.g, 2), set), half = e.rem(lane.g, 2);
  if (start < 0) {
    Value first = e.add(e.add(tile.record(token), e.mul(step, 2 * kGroup)),
                        e.add(e.mul(half, kGroup), e.mul(lane.t, 4)));
    return ordered(word(first), word(e.add(first, kGroup / 2)));
  }
  Value ofToken = e.add(e.mul(e.div(lane.t, 2), 4), e.add(e.mul(half, 2), e.rem(lane.t, 2)));
  Value place = e.add(e.mul(token, 8), ofToken);
  Value both = e.loadOne(staged[0], e.add(e.mul(step, stepBytes() / 8), place));
  return {tile.at(both, 0), tile.at(both, 1)};
}

vec::Values FewValues::factors(Value step, int64_t set) const {
  Value token = clamp(lane.t, set);
  vec::Values words;
  if (start < 0) {
    words = loadFactors(tile.record(token), e.add(e.mul(step, 2), lane.half));
  } else {
    Value all = e.loadOne(staged[isSix()], factorPlace(step, token, lane.half));
    for (int64_t i = 0; i < (isSix() ? 3 : 2); ++i)
      words.push_back(tile.at(all, i));
  }
  for (Value &word : MutableArrayRef(words).take_front(isSix() ? 1 : 2))
    word = arith::BitcastOp::create(e.b, e.loc, e.b.getF32Type(), word);
  return words;
}

} // namespace phidias::cuda
