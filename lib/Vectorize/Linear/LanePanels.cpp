// Codes for a pass of few tokens: unpacked in registers, 4 rows at a time.

#include "LanePanels.h"
#include "LaneGroup.h"

using namespace mlir;

namespace phidias::vec {

void LanePanels::multiplyStep(Value start, Value step, ValueRange records,
                              MutableArrayRef<Value> acc) const {
  SmallVector<Values> sums; // [token][part]
  for (Value whole : acc) {
    sums.emplace_back();
    for (int64_t part = 0; part < kParts; ++part)
      sums.back().push_back(e.slice(whole, part * kPartRows, kPartRows));
  }
  for (int64_t half = 0; half < 2; ++half)
    for (int64_t part = 0; part < kParts; ++part) {
      Values own;
      for (Values &token : sums)
        own.push_back(token[part]);
      multiplyHalf(start, e.add(e.mul(step, 2), half), half, part, records, own);
      for (auto [token, sum] : llvm::zip_equal(sums, own))
        token[part] = sum;
    }
  for (auto [whole, parts] : llvm::zip_equal(acc, sums))
    whole = e.join(parts);
}

SmallVector<LanePanels::Quad, 2> LanePanels::quadsOf(Value start, int64_t half, int64_t line,
                                                     int64_t part) const {
  auto load = [&](int64_t first, int64_t number) {
    return e.load(kPartBytes, c.op.getWeights(),
                  e.add(start, first + number * phi::kLineBytes + part * kPartBytes));
  };
  Value packed = load(c.step.codes, half * lines() + line);
  if (type.getBits() == 8)
    return {{line, codes.finish(packed)}};
  Value four = codes.constant(packed, 4);
  Value nibbles[] = {codes.andBits(packed, 0x0f), arith::ShRUIOp::create(e.b, e.loc, packed, four)};
  if (type.getBits() == 6)
    for (auto [side, nibble] : llvm::enumerate(nibbles)) {
      Value bits = load(c.step.high, half * 2 + side);
      bits = line < 2 ? codes.shiftLeft(bits, 4 - 2 * line) : codes.shift(bits, 2 * line - 4);
      nibble = arith::OrIOp::create(e.b, e.loc, nibble, codes.andBits(bits, 0x30));
    }
  return {{line, codes.finish(nibbles[0])}, {4 + line, codes.finish(nibbles[1])}};
}

Value LanePanels::halves(Value start, int64_t at, int64_t part) const {
  Value bytes = e.load(2 * kPartRows, c.op.getWeights(), e.add(start, at + part * 2 * kPartRows));
  return e.toF32(e.recast(bytes, kPartRows, e.b.getF16Type()));
}

/// One sum for a scale: of the group, or of 6 bits for each 16 columns.
Values LanePanels::startDots(Value record, int64_t token, Value group) const {
  int64_t sides = type.getBits() == 6 ? 2 : 1;
  Values dots;
  for (int64_t side = 0; side < sides; ++side)
    dots.push_back(codes.zero == 0 ? e.splat(4, e.i32(0))
                                   : values.sum(record, token, e.add(e.mul(group, sides), side)));
  return dots;
}

/// Times the scale of the weight, as f32.
Value LanePanels::scaledDots(Value start, int64_t half, int64_t part, ArrayRef<Value> sides) const {
  if (sides.size() == 1) {
    Value dots = arith::SIToFPOp::create(e.b, e.loc, e.floats(4), sides[0]);
    return e.mulf(dots, halves(start, c.step.scales + 32 * half, part));
  }
  Value sum;
  for (auto [side, dots] : llvm::enumerate(sides)) {
    int64_t at = c.step.scales + (half * 2 + side) * kLanes + part * kPartRows;
    Value scale = e.load(kPartRows, c.op.getWeights(), e.add(start, at));
    scale = arith::ExtSIOp::create(e.b, e.loc, e.vector(4, e.b.getI32Type()), scale);
    Value scaled = arith::MulIOp::create(e.b, e.loc, dots, scale);
    sum = sum ? arith::AddIOp::create(e.b, e.loc, sum, scaled).getResult() : scaled;
  }
  Value super = e.load(kPartBytes, c.op.getWeights(), e.add(start, c.step.super + part * 16));
  return e.mulf(arith::SIToFPOp::create(e.b, e.loc, e.floats(4), sum),
                e.recast(super, 4, e.b.getF32Type()));
}

void LanePanels::multiplyHalf(Value start, Value group, int64_t half, int64_t part,
                              ValueRange records, MutableArrayRef<Value> acc) const {
  SmallVector<Values> dots; // [token][side]
  for (auto [t, record] : llvm::enumerate(records))
    dots.push_back(startDots(record, t, group));
  for (int64_t line = 0; line < lines(); ++line)
    for (Quad quad : quadsOf(start, half, line, part))
      for (auto [t, record] : llvm::enumerate(records)) {
        Value &sum = dots[t][dots[t].size() == 2 ? quad.number / 4 : 0];
        sum = codes.dot(sum, quad.codes, values.quad(record, t, group, quad.number));
      }
  for (auto [t, record] : llvm::enumerate(records)) {
    Value scaled = scaledDots(start, half, part, dots[t]);
    acc[t] = e.fma(scaled, values.scale(record, t, group), acc[t]);
    if (type.getMinimum())
      acc[t] = e.fma(halves(start, c.step.minima + 32 * half, part),
                     values.scaledSum(record, t, group), acc[t]);
  }
}

} // namespace phidias::vec
