// Codes times i8: integer dot products over the columns of a group, then one multiply-add by the
// scales of both.

#include "Panels.h"

using namespace mlir;

namespace phidias::vec {
namespace {

/// Quads (4 columns) of 32 columns.
constexpr int64_t kQuads = 8;

class IntegerPanels : public Panels {
public:
  explicit IntegerPanels(const LinearContext &c)
      : c(c), e(c.e), type(cast<phi::QuantizedType>(c.element)),
        max(type.getCodebook() ? 255 : (1 << type.getBits()) - 1) {}

  void multiplyStep(Value start, Value step, ValueRange records,
                    MutableArrayRef<Value> acc) const override {
    for (int64_t half = 0; half < 2; ++half)
      multiplyHalf(start, step, half, records, acc);
  }

  bool canUnpack() const override { return type.getBits() != 6; }
  int64_t groupColumns() const override { return 32; }

  void unpackStep(Value start, Value index, int64_t panel) const override {
    int64_t panels = c.schedule.getPanels();
    for (int64_t half = 0; half < 2; ++half) {
      Value group = e.add(e.mul(index, 2), half);
      SmallVector<Value> codes = unpackHalf(start, half);
      Value quad = e.mul(group, kQuads * panels);
      for (int64_t q = 0; q < kQuads; ++q)
        e.store(codes[q], c.op.getScratch(),
                e.mul(e.add(quad, q * panels + panel), phi::kLineBytes));
      Value lane = e.mul(e.add(e.mul(group, panels), panel), phi::kLineBytes);
      storeFloats(c.halves(start, c.step.scales + 32 * half), e.add(lane, scalesAt()));
      if (type.getMinimum())
        storeFloats(c.halves(start, c.step.minima + 32 * half), e.add(lane, minimaAt()));
    }
  }

  void multiplyGroup(Value group, Value column, ValueRange records,
                     MutableArrayRef<Value> acc) const override {
    int64_t panels = c.schedule.getPanels(), tokens = records.size();
    Value groupColumn = e.add(column, e.mul(group, 32));
    Value wholeGroup = e.div(groupColumn, 32), word = e.div(groupColumn, 4);
    SmallVector<Value> dots;
    for (int64_t p = 0; p < panels; ++p)
      for (int64_t t = 0; t < tokens; ++t)
        dots.push_back(seed(records[t], wholeGroup));
    Value quad = e.mul(group, kQuads * panels * phi::kLineBytes);
    for (int64_t q = 0; q < kQuads; ++q) {
      SmallVector<Value> values;
      for (Value record : records)
        values.push_back(activation(record, e.add(word, q)));
      for (int64_t p = 0; p < panels; ++p) {
        Value codes = e.load(phi::kLineBytes, c.op.getScratch(),
                             e.add(quad, (q * panels + p) * phi::kLineBytes));
        for (int64_t t = 0; t < tokens; ++t)
          dots[p * tokens + t] = dot(dots[p * tokens + t], codes, values[t]);
      }
    }
    for (int64_t p = 0; p < panels; ++p) {
      Value lane = e.mul(e.add(e.mul(group, panels), p), phi::kLineBytes);
      Value scale = loadFloats(e.add(lane, scalesAt()));
      Value minimum = type.getMinimum() ? loadFloats(e.add(lane, minimaAt())) : Value();
      for (int64_t t = 0; t < tokens; ++t)
        acc[p * tokens + t] =
            fold(acc[p * tokens + t], dots[p * tokens + t], scale, minimum, records[t], wholeGroup);
    }
  }

private:
  // Scratch: codes of the chunk, then scales, then minima.
  int64_t scalesAt() const {
    return c.schedule.getChunk() / 4 * c.schedule.getPanels() * phi::kLineBytes;
  }
  int64_t minimaAt() const {
    return scalesAt() + c.schedule.getChunk() / 32 * c.schedule.getPanels() * phi::kLineBytes;
  }

  Value asBytes(Value lanes) const {
    return vector::BitCastOp::create(e.b, e.loc, e.vector(phi::kLineBytes, e.b.getI8Type()), lanes);
  }

  void storeFloats(Value lanes, Value at) const { e.store(asBytes(lanes), c.op.getScratch(), at); }
  Value loadFloats(Value at) const {
    Value bytes = e.load(phi::kLineBytes, c.op.getScratch(), at);
    return vector::BitCastOp::create(e.b, e.loc, e.floats(kLanes), bytes);
  }

  Value mask(int8_t bits) const {
    return arith::ConstantOp::create(
        e.b, e.loc,
        DenseElementsAttr::get(e.vector(phi::kLineBytes, e.b.getI8Type()), APInt(8, bits)));
  }
  Value andBits(Value codes, uint8_t bits) const {
    return arith::AndIOp::create(e.b, e.loc, codes, mask(static_cast<int8_t>(bits)));
  }
  /// Whole words: what crosses bytes is masked away by the caller.
  Value shift(Value codes, int64_t bits) const {
    Value words = vector::BitCastOp::create(e.b, e.loc, e.vector(kLanes, e.b.getI32Type()), codes);
    return asBytes(arith::ShRUIOp::create(e.b, e.loc, words, e.splat(kLanes, e.i32(bits))));
  }
  Value shiftLeft(Value codes, int64_t bits) const {
    Value words = vector::BitCastOp::create(e.b, e.loc, e.vector(kLanes, e.b.getI32Type()), codes);
    return asBytes(arith::ShLIOp::create(e.b, e.loc, words, e.splat(kLanes, e.i32(bits))));
  }

  Value dot(Value acc, Value codes, Value values, int64_t largest = 0) const {
    return phi::DotOp::create(e.b, e.loc, acc.getType(), acc, codes, values,
                              largest ? largest : max);
  }
  Value activation(Value record, Value word) const {
    return asBytes(c.broadcastWord(record, word));
  }
  Value zeroWords() const { return e.splat(kLanes, e.i32(0)); }

  /// What the dot products of a group start from: the share of the zero point.
  Value seed(Value record, Value group) const {
    if (phi::dotZero(type) == 0)
      return zeroWords();
    return c.broadcastWord(record, e.add(group, c.acts.sums / 4));
  }

  /// The 8 quads of a half step as unsigned bytes.
  SmallVector<Value> unpackHalf(Value start, int64_t half) const {
    SmallVector<Value> quads(kQuads);
    if (type.getBits() == 8) {
      for (int64_t q = 0; q < kQuads; ++q)
        quads[q] = c.line(start, c.step.codes + (half * kQuads + q) * phi::kLineBytes);
      return quads;
    }
    for (int64_t j = 0; j < 4; ++j) {
      Value packed = c.line(start, c.step.codes + (half * 4 + j) * phi::kLineBytes);
      quads[j] = andBits(packed, 0x0f);
      quads[4 + j] = andBits(shift(packed, 4), 0x0f);
    }
    if (type.getBits() == 6)
      addHighBits(start, half, quads);
    if (auto codebook = type.getCodebook())
      for (Value &quad : quads)
        quad =
            phi::LookupOp::create(e.b, e.loc, quad.getType(), quad, phi::unsignedTable(codebook));
    return quads;
  }

  void addHighBits(Value start, int64_t half, SmallVector<Value> &quads) const {
    for (int64_t side = 0; side < 2; ++side) {
      Value high = c.line(start, c.step.high + (half * 2 + side) * phi::kLineBytes);
      for (int64_t j = 0; j < 4; ++j) {
        Value moved = j < 2 ? shiftLeft(high, 4 - 2 * j) : shift(high, 2 * j - 4);
        quads[4 * side + j] =
            arith::OrIOp::create(e.b, e.loc, quads[4 * side + j], andBits(moved, 0x30));
      }
    }
  }

  /// acc + dots * scale * activation scale, + minimum * sum.
  Value fold(Value acc, Value dots, Value scale, Value minimum, Value record, Value group) const {
    Value products = arith::SIToFPOp::create(e.b, e.loc, e.floats(kLanes), dots);
    Value both = e.mulf(scale, c.broadcastFloat(record, e.add(group, c.acts.scales / 4)));
    acc = e.fma(products, both, acc);
    if (minimum)
      acc = e.fma(minimum, c.broadcastFloat(record, e.add(group, c.acts.sums / 4)), acc);
    return acc;
  }

  void multiplyHalf(Value start, Value step, int64_t half, ValueRange records,
                    MutableArrayRef<Value> acc) const {
    Value group = e.add(e.mul(step, 2), half), word = e.mul(group, kQuads);
    if (type.getBits() == 6)
      return multiplySixBits(start, half, group, word, records, acc);
    Value scale = c.halves(start, c.step.scales + 32 * half);
    Value minimum = type.getMinimum() ? c.halves(start, c.step.minima + 32 * half) : Value();
    bool shiftSums = type.getBits() == 4 && !type.getCodebook() && records.size() == 1;
    SmallVector<Value> quads = shiftSums ? SmallVector<Value>() : unpackHalf(start, half);
    for (auto [t, record] : llvm::enumerate(records)) {
      Value dots = shiftSums ? dotShifted(start, half, record, word, group)
                             : dotQuads(quads, record, word, seed(record, group));
      acc[t] = fold(acc[t], dots, scale, minimum, record, group);
    }
  }

  Value dotQuads(ArrayRef<Value> quads, Value record, Value word, Value dots) const {
    for (auto [q, codes] : llvm::enumerate(quads))
      dots = dot(dots, codes, activation(record, e.add(word, q)));
    return dots;
  }

  /// High nibbles are multiplied where they stand, 16 times too large, and their sum is shifted.
  Value dotShifted(Value start, int64_t half, Value record, Value word, Value group) const {
    Value low = seed(record, group), high = zeroWords();
    for (int64_t j = 0; j < 4; ++j) {
      Value packed = c.line(start, c.step.codes + (half * 4 + j) * phi::kLineBytes);
      low = dot(low, andBits(packed, 0x0f), activation(record, e.add(word, j)));
      high = dot(high, andBits(packed, 0xf0), activation(record, e.add(word, 4 + j)), 240);
    }
    Value shifted = arith::ShRSIOp::create(e.b, e.loc, high, e.splat(kLanes, e.i32(4)));
    return arith::AddIOp::create(e.b, e.loc, low, shifted);
  }

  /// Groups of 16 columns with an i8 scale each; the super-scale is in f32.
  void multiplySixBits(Value start, int64_t half, Value group, Value word, ValueRange records,
                       MutableArrayRef<Value> acc) const {
    SmallVector<Value> quads = unpackHalf(start, half);
    Value superBytes = c.line(start, c.step.super);
    Value super = vector::BitCastOp::create(e.b, e.loc, e.floats(kLanes), superBytes);
    for (auto [t, record] : llvm::enumerate(records)) {
      Value sum;
      for (int64_t side = 0; side < 2; ++side) {
        Value sixteen = e.add(e.mul(group, 2), side);
        Value dots = dotQuads(ArrayRef(quads).slice(4 * side, 4), record, e.add(word, 4 * side),
                              seed(record, sixteen));
        Value scale = e.load(kLanes, c.op.getWeights(),
                             e.add(start, c.step.scales + (half * 2 + side) * kLanes));
        scale = arith::ExtSIOp::create(e.b, e.loc, e.vector(kLanes, e.b.getI32Type()), scale);
        Value scaled = arith::MulIOp::create(e.b, e.loc, dots, scale);
        sum = sum ? arith::AddIOp::create(e.b, e.loc, sum, scaled).getResult() : scaled;
      }
      acc[t] = fold(acc[t], sum, super, Value(), record, group);
    }
  }

  const LinearContext &c;
  const Emitter &e;
  phi::QuantizedType type;
  int64_t max; ///< largest unsigned code
};

} // namespace

std::unique_ptr<Panels> integerPanels(const LinearContext &c) {
  return std::make_unique<IntegerPanels>(c);
}

} // namespace phidias::vec
