// Codes for a pass of few tokens: unpacked in registers, 4 rows at a time.

#include "LanePanels.h"

using namespace mlir;

namespace phidias::vec {

/// Parts of a panel that are worked on together: enough to hide the latency of a product, few
/// enough for the registers.
static int64_t partsTogether(int64_t tokens, phi::QuantizedType type, const VectorTarget &target) {
  if (tokens > 1 && !target.dot)
    return 1;
  int64_t sums = type.getBits() == 6 ? 2 : 1; // of a part and a token
  return kParts / sums / tokens;
}

/// Mostly loops of two turns: what is scheduled in one piece then holds few values at a time.
void LanePanels::multiplyStep(Value start, Value step, ValueRange records,
                              MutableArrayRef<Value> acc) const {
  int64_t together = partsTogether(acc.size(), type, c.target);
  Values sums(acc.size() * kParts); // [token][part]
  for (int64_t part = 0; part < kParts; part += together) {
    Values some; // [token][part of those together]
    for (Value whole : acc)
      for (int64_t p = part; p < part + together; ++p)
        some.push_back(e.slice(whole, p * kPartRows, kPartRows));
    some = multiplyParts(start, step, part, together, records, some);
    for (auto [i, sum] : llvm::enumerate(some))
      sums[i / together * kParts + part + i % together] = sum;
  }
  for (auto [t, whole] : llvm::enumerate(acc))
    whole = e.join(ArrayRef(sums).slice(t * kParts, kParts));
}

Values LanePanels::multiplyParts(Value start, Value step, int64_t part, int64_t together,
                                 ValueRange records, ValueRange first) const {
  auto addHalf = [&](Value half, ValueRange carried) {
    Values next(carried);
    Place place{start, half, e.add(e.mul(step, 2), half), part, together};
    multiplyHalf(place, records, next);
    return next;
  };
  // Codes of 8 bits need few registers where one panel is walked; there the loop itself would cost
  // more.
  if (type.getBits() == 8 && records.size() == 1)
    return addHalf(e.index(1), addHalf(e.index(0), first));
  return e.loop(e.index(0), e.index(2), 1, first, addHalf);
}

Value LanePanels::lineOf(Value start, Value half, int64_t first, int64_t count, int64_t number,
                         int64_t part, int64_t parts) const {
  Value lines = e.add(start, e.mul(half, count * phi::kLineBytes));
  return e.load(parts * kPartBytes, c.op.getWeights(),
                e.add(lines, first + number * phi::kLineBytes + part * kPartBytes));
}

SmallVector<LanePanels::Quad, 2> LanePanels::quadsOf(Value packed, Value start, Value half,
                                                     int64_t line, int64_t part,
                                                     bool entries) const {
  if (type.getBits() == 8)
    return {{line, codes.finish(packed)}};
  Value four = codes.constant(packed, 4);
  Value nibbles[] = {codes.andBits(packed, 0x0f), arith::ShRUIOp::create(e.b, e.loc, packed, four)};
  if (type.getBits() == 6)
    for (auto [side, nibble] : llvm::enumerate(nibbles)) {
      Value bits = lineOf(start, half, c.step.high, 2, side, part);
      bits = line < 2 ? codes.shiftLeft(bits, 4 - 2 * line) : codes.shift(bits, 2 * line - 4);
      nibble = arith::OrIOp::create(e.b, e.loc, nibble, codes.andBits(bits, 0x30));
    }
  for (Value &nibble : nibbles)
    nibble = entries ? codes.entries(nibble) : codes.finish(nibble);
  return {{line, nibbles[0]}, {4 + line, nibbles[1]}};
}

Value LanePanels::halves(Value start, Value half, int64_t at, int64_t part) const {
  Value line = e.add(start, e.mul(half, 2 * kLanes));
  Value bytes = e.load(kPartBytes, c.op.getWeights(), e.add(line, at + part / 2 * kPartBytes));
  Value eight = e.toF32(e.recast(bytes, 2 * kPartRows, e.b.getF16Type()));
  return e.slice(eight, part % 2 * kPartRows, kPartRows);
}

/// One sum for a scale: of the group, or of 6 bits for each 16 columns.
Values LanePanels::startDots(Value record, int64_t token, Value group) const {
  int64_t sides = type.getBits() == 6 ? 2 : 1;
  Values dots;
  for (int64_t side = 0; side < sides; ++side)
    dots.push_back(codes.zero == 0 ? e.splat(4, e.i32(sides == 1 ? kMagicBits : 0))
                                   : values.sum(record, token, e.add(e.mul(group, sides), side)));
  return dots;
}

/// Times the scale of the weight, as f32.
Value LanePanels::scaledDots(Value start, Value half, int64_t part, ArrayRef<Value> sides) const {
  if (sides.size() == 1) {
    Value scale = halves(start, half, c.step.scales, part);
    Value offset = e.mulf(scale, e.splat(4, e.f32(-kMagic)));
    return e.fma(e.recast(sides[0], 4, e.b.getF32Type()), scale, offset);
  }
  Value sum;
  for (auto [side, dots] : llvm::enumerate(sides)) {
    int64_t at = c.step.scales + side * kLanes + part * kPartRows;
    Value scale =
        e.load(kPartRows, c.op.getWeights(), e.add(e.add(start, e.mul(half, 2 * kLanes)), at));
    scale = arith::ExtSIOp::create(e.b, e.loc, e.vector(4, e.b.getI32Type()), scale);
    Value scaled = arith::MulIOp::create(e.b, e.loc, dots, scale);
    sum = sum ? arith::AddIOp::create(e.b, e.loc, sum, scaled).getResult() : scaled;
  }
  Value super = e.load(kPartBytes, c.op.getWeights(), e.add(start, c.step.super + part * 16));
  return e.mulf(arith::SIToFPOp::create(e.b, e.loc, e.floats(4), sum),
                e.recast(super, 4, e.b.getF32Type()));
}

void LanePanels::multiplyHalf(const Place &place, ValueRange records,
                              MutableArrayRef<Value> acc) const {
  auto [start, half, group, first, together] = place;
  SmallVector<SmallVector<Values>> dots(together); // [part][token][side]
  for (auto &ofPart : dots)
    for (auto [t, record] : llvm::enumerate(records))
      ofPart.push_back(startDots(record, t, group));
  for (int64_t line = 0; line < lines(); ++line) {
    Value whole = lineOf(start, half, c.step.codes, lines(), line, first, together);
    for (int64_t p = 0; p < together; ++p)
      for (Quad quad :
           quadsOf(e.slice(whole, p * kPartBytes, kPartBytes), start, half, line, first + p))
        for (auto [t, record] : llvm::enumerate(records)) {
          Value &sum = dots[p][t][type.getBits() == 6 ? quad.number / 4 : 0];
          Value factors = values.quad(record, t, group, quad.number);
          sum = codes.dot(sum, quad.codes, factors);
        }
  }
  for (int64_t p = 0; p < together; ++p)
    for (auto [t, record] : llvm::enumerate(records)) {
      Value &sum = acc[t * together + p];
      sum = foldPart(place, first + p, sum, dots[p][t], record, t);
    }
}

Value LanePanels::foldPart(const Place &place, int64_t part, Value acc, ArrayRef<Value> dots,
                           Value record, int64_t token) const {
  Value scaled = scaledDots(place.start, place.half, part, dots);
  acc = e.fma(scaled, values.scale(record, token, place.group), acc);
  if (!type.getMinimum())
    return acc;
  return e.fma(halves(place.start, place.half, c.step.minima, part),
               values.scaledSum(record, token, place.group), acc);
}

} // namespace phidias::vec
