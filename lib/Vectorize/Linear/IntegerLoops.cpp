// Codes for a pass of few tokens where inner loops have to be small (#phi.machine): the halves of a
// step, and of a half its lines of codes.

#include "IntegerPanels.h"

using namespace mlir;

namespace phidias::vec {

constexpr int64_t kTurns = 4; ///< of two quads each

/// Quads `line` and 4 + `line` of a half.
std::pair<Value, Value> IntegerPanels::twoQuads(Value start, Value half, Value line) const {
  auto lineOf = [&](int64_t first, int64_t ofHalf, Value number) {
    Value at = e.add(e.mul(half, ofHalf), number);
    return c.line(e.add(start, e.mul(at, phi::kLineBytes)), first);
  };
  if (type.getBits() == 8)
    return {codes.finish(lineOf(c.step.codes, kQuads, line)),
            codes.finish(lineOf(c.step.codes, kQuads, e.add(line, kTurns)))};
  Value packed = lineOf(c.step.codes, kTurns, line);
  Value quads[] = {codes.andBits(packed, 0x0f), codes.andBits(codes.shift(packed, 4), 0x0f)};
  if (type.getBits() == 6) {
    Value twice = arith::IndexCastOp::create(e.b, e.loc, e.b.getI32Type(), e.mul(line, 2));
    for (int64_t side = 0; side < 2; ++side) {
      Value bits = codes.shift(lineOf(c.step.high, 2, e.index(side)), twice);
      bits = codes.shiftLeft(codes.andBits(bits, 3), 4);
      quads[side] = arith::OrIOp::create(e.b, e.loc, quads[side], bits);
    }
  }
  return {codes.finish(quads[0]), codes.finish(quads[1])};
}

/// Sums of a half, [token]; of 6 bits [token][side].
Values IntegerPanels::multiplyLines(Value start, Value half, Value group,
                                    ValueRange records) const {
  int64_t sides = type.getBits() == 6 ? 2 : 1;
  Values dots;
  for (Value record : records)
    for (int64_t side = 0; side < sides; ++side)
      dots.push_back(seed(record, e.add(e.mul(group, sides), side)));
  Value word = e.mul(group, kQuads);
  return e.loop(e.index(0), e.index(kTurns), 1, dots, [&](Value line, ValueRange carried) {
    Values next(carried);
    auto [low, high] = twoQuads(start, half, line);
    for (auto [t, record] : llvm::enumerate(records)) {
      Value &first = next[t * sides], &second = next[t * sides + sides - 1];
      first = codes.dot(first, low, activation(record, e.add(word, line)));
      second = codes.dot(second, high, activation(record, e.add(e.add(word, line), kTurns)));
    }
    return next;
  });
}

Value IntegerPanels::sixBitSum(Value start, Value half, ValueRange sides) const {
  Value sum;
  for (auto [side, dots] : llvm::enumerate(sides)) {
    Value at = e.add(e.mul(half, 2), static_cast<int64_t>(side));
    Value scale =
        e.load(kLanes, c.op.getWeights(), e.add(e.add(start, c.step.scales), e.mul(at, kLanes)));
    scale = arith::ExtSIOp::create(e.b, e.loc, e.vector(kLanes, e.b.getI32Type()), scale);
    Value scaled = arith::MulIOp::create(e.b, e.loc, dots, scale);
    sum = sum ? arith::AddIOp::create(e.b, e.loc, sum, scaled).getResult() : scaled;
  }
  return sum;
}

void IntegerPanels::multiplyInLoops(Value start, Value step, ValueRange records,
                                    MutableArrayRef<Value> acc) const {
  bool isSix = type.getBits() == 6;
  Values sums(acc);
  sums = e.loop(e.index(0), e.index(2), 1, sums, [&](Value half, ValueRange carried) {
    Values next(carried);
    Value group = e.add(e.mul(step, 2), half), line = e.add(start, e.mul(half, 2 * kLanes));
    Values dots = multiplyLines(start, half, group, records);
    Value minimum = type.getMinimum() ? c.halves(line, c.step.minima) : Value(), scale;
    if (isSix)
      scale = vector::BitCastOp::create(e.b, e.loc, e.floats(kLanes), c.line(start, c.step.super));
    else
      scale = c.halves(line, c.step.scales);
    for (auto [t, record] : llvm::enumerate(records)) {
      Value sum = isSix ? sixBitSum(start, half, ValueRange(dots).slice(2 * t, 2)) : dots[t];
      next[t] = fold(next[t], sum, scale, minimum, record, group);
    }
    return next;
  });
  llvm::copy(sums, acc.begin());
}

} // namespace phidias::vec
