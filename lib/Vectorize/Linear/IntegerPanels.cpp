// Codes for a pass of few tokens: unpacked in registers.

#include "IntegerPanels.h"

using namespace mlir;

namespace phidias::vec {

void IntegerPanels::multiplyStep(Value start, Value step, ValueRange records,
                                 MutableArrayRef<Value> acc) const {
  if (c.target.smallLoops)
    return multiplyInLoops(start, step, records, acc);
  for (int64_t half = 0; half < 2; ++half)
    multiplyHalf(start, step, half, records, acc);
}

Value IntegerPanels::seed(Value record, Value group) const {
  if (codes.zero == 0)
    return e.splat(kLanes, e.i32(0));
  return c.broadcastWord(record, e.add(group, c.acts.sums / 4));
}

Value IntegerPanels::seedOf(Value record, Value group, int64_t count) const {
  if (codes.zero == 0 || count == 1)
    return seed(record, group);
  if (count * 32 == c.acts.block)
    return c.broadcastWord(record, e.add(e.div(group, count), c.acts.blockSums / 4));
  Value sum;
  for (int64_t i = 0; i < count; ++i) {
    Value word = e.loadOne(c.words, e.add(record, e.add(group, c.acts.sums / 4 + i)));
    sum = sum ? arith::AddIOp::create(e.b, e.loc, sum, word).getResult() : word;
  }
  return e.splat(kLanes, sum);
}

Value IntegerPanels::fold(Value acc, Value dots, Value scale, Value minimum, Value record,
                          Value group) const {
  Value products = arith::SIToFPOp::create(e.b, e.loc, e.floats(kLanes), dots);
  Value both = e.mulf(scale, c.broadcastFloat(record, e.add(group, c.acts.scales / 4)));
  acc = e.fma(products, both, acc);
  if (minimum)
    acc = e.fma(minimum, c.broadcastFloat(record, e.add(group, c.acts.sums / 4)), acc);
  return acc;
}

void IntegerPanels::multiplyHalf(Value start, Value step, int64_t half, ValueRange records,
                                 MutableArrayRef<Value> acc) const {
  Value group = e.add(e.mul(step, 2), half), word = e.mul(group, kQuads);
  if (type.getBits() == 6)
    return multiplySixBits(start, half, group, word, records, acc);
  Value scale = c.halves(start, c.step.scales + 32 * half);
  Value minimum = type.getMinimum() ? c.halves(start, c.step.minima + 32 * half) : Value();
  bool shiftSums =
      type.getBits() == 4 && !type.getCodebook() && !codes.isSigned && records.size() == 1;
  Values quads = shiftSums ? Values() : codes.unpackHalf(start, half);
  for (auto [t, record] : llvm::enumerate(records)) {
    Value dots = shiftSums ? dotShifted(start, half, record, word, group)
                           : dotQuads(quads, record, word, seed(record, group));
    acc[t] = fold(acc[t], dots, scale, minimum, record, group);
  }
}

Value IntegerPanels::dotQuads(ArrayRef<Value> quads, Value record, Value word, Value dots) const {
  for (auto [q, quad] : llvm::enumerate(quads))
    dots = codes.dot(dots, quad, activation(record, e.add(word, q)));
  return dots;
}

/// High nibbles are multiplied where they stand, 16 times too large, and their sum is shifted.
Value IntegerPanels::dotShifted(Value start, int64_t half, Value record, Value word,
                                Value group) const {
  Value low = seed(record, group), high = e.splat(kLanes, e.i32(0));
  for (int64_t j = 0; j < 4; ++j) {
    Value packed = c.line(start, c.step.codes + (half * 4 + j) * phi::kLineBytes);
    low = codes.dot(low, codes.andBits(packed, 0x0f), activation(record, e.add(word, j)));
    high =
        codes.dot(high, codes.andBits(packed, 0xf0), activation(record, e.add(word, 4 + j)), 240);
  }
  Value shifted = arith::ShRSIOp::create(e.b, e.loc, high, e.splat(kLanes, e.i32(4)));
  return arith::AddIOp::create(e.b, e.loc, low, shifted);
}

/// Groups of 16 columns with an i8 scale each; the super-scale is in f32.
void IntegerPanels::multiplySixBits(Value start, int64_t half, Value group, Value word,
                                    ValueRange records, MutableArrayRef<Value> acc) const {
  Values quads = codes.unpackHalf(start, half);
  Value superBytes = c.line(start, c.step.super);
  Value super = vector::BitCastOp::create(e.b, e.loc, e.floats(kLanes), superBytes);
  for (auto [t, record] : llvm::enumerate(records)) {
    Values sides;
    for (int64_t side = 0; side < 2; ++side)
      sides.push_back(dotQuads(ArrayRef(quads).slice(4 * side, 4), record, e.add(word, 4 * side),
                               seed(record, e.add(e.mul(group, 2), side))));
    Value sum = sixBitSum(start, e.index(half), sides);
    acc[t] = fold(acc[t], sum, super, Value(), record, group);
  }
}

std::unique_ptr<Panels> integerPanels(const LinearContext &c) {
  return std::make_unique<IntegerPanels>(c);
}

} // namespace phidias::vec
