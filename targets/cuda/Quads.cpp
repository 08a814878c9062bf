#include "targets/cuda/Quads.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {

int64_t roundsOf(int64_t columns) { return llvm::divideCeil(columns, kRoundColumns); }

/// `count` rounds from `first` on, of which the last one may go beyond `quads`, the row's.
static Quads quadsFrom(const Block &b, Value first, int64_t count, bool isCut, int64_t quads) {
  Quads result;
  for (int64_t i = 0; i < count; ++i) {
    Value round = b.add(first, b.index(i));
    Value number = b.add(b.mul(round, kBlockThreads), b.thread);
    if (!isCut || i + 1 < count) {
      result.push_back({number, {}, {}});
      continue;
    }
    Value exists = b.less(number, b.index(quads));
    result.push_back({b.min(number, b.index(quads - 1)), exists, {}});
  }
  return result;
}

void eachTurn(const Block &b, int64_t columns, function_ref<void(Quads &)> body) {
  eachTurn(b, columns, {}, [&](Quads &quads, ValueRange) -> Values {
    body(quads);
    return {};
  });
}

Values eachTurn(const Block &b, int64_t columns, ValueRange first,
                function_ref<Values(Quads &, ValueRange)> body) {
  int64_t rounds = roundsOf(columns), quads = columns / kQuad;
  bool isCut = columns % kRoundColumns != 0;
  int64_t looped = (rounds - 1) / kTurnRounds * kTurnRounds; // what comes last stands alone
  auto turn = [&](Value round, int64_t count, bool cut, ValueRange so) {
    Quads all = quadsFrom(b, round, count, cut, quads);
    return body(all, so);
  };
  Values carried(first);
  if (looped > 0)
    carried =
        b.loop(b.index(0), b.index(looped), kTurnRounds, carried,
               [&](Value round, ValueRange so) { return turn(round, kTurnRounds, false, so); });
  return turn(b.index(looped), rounds - looped, isCut, carried);
}

/// -1 in lanes whose number has the bit `distance`, else 1.
static Value signOf(const Block &b, int64_t distance) {
  Value bit = b.rem(b.div(b.lane, distance), 2);
  Value isSet = arith::CmpIOp::create(b.b, b.loc, arith::CmpIPredicate::ne, bit, b.index(0));
  return arith::SelectOp::create(b.b, b.loc, isSet, b.f32(-1), b.f32(1));
}

/// Sums and differences of what lies `distance` lanes apart.
static void butterflyOfLanes(const Block &b, Quads &quads, int64_t distance) {
  Value sign = signOf(b, distance);
  for (Quad &quad : quads)
    for (Value &x : quad.x)
      x = b.fma(x, sign, b.exchange(x, distance));
}

/// The same within the thread.
static void butterfly(const Block &b, Quads &quads, int64_t distance) {
  for (Quad &quad : quads)
    for (int64_t i = 0; i < kQuad; ++i) {
      if (i & distance)
        continue;
      Value low = quad.x[i], high = quad.x[i + distance];
      quad.x[i] = b.addf(low, high);
      quad.x[i + distance] = b.subf(low, high);
    }
}

void rotate(const Block &b, Quads &quads) {
  for (int64_t distance = kGroupLanes / 2; distance > 0; distance /= 2)
    butterflyOfLanes(b, quads, distance);
  for (int64_t distance = kQuad / 2; distance > 0; distance /= 2)
    butterfly(b, quads, distance);
}

Values largestOfGroups(const Block &b, const Quads &quads) {
  Values largest;
  for (const Quad &quad : quads) {
    Values size;
    for (Value x : quad.x)
      size.push_back(math::AbsFOp::create(b.b, b.loc, x));
    largest.push_back(b.maxf(b.maxf(size[0], size[1]), b.maxf(size[2], size[3])));
  }
  for (int64_t mask = 1; mask < kGroupLanes; mask *= 2)
    for (Value &x : largest)
      x = b.maxf(x, b.exchange(x, mask));
  return largest;
}

Values sumsOfGroups(const Block &b, ArrayRef<Values> values, int64_t columns) {
  auto add = [&](Value x, Value y) { return b.b.createOrFold<arith::AddIOp>(b.loc, x, y); };
  Values sums;
  for (const Values &four : values)
    sums.push_back(add(add(four[0], four[1]), add(four[2], four[3])));
  for (int64_t mask = 1; mask < columns / kQuad; mask *= 2)
    for (Value &sum : sums)
      sum = add(sum, b.exchange(sum, mask));
  return sums;
}

/// buffer[leading..., column].
static Values indices(ValueRange leading, Value column) {
  Values all(leading.begin(), leading.end());
  all.push_back(column);
  return all;
}

/// One load or store of 16 bytes needs rows that begin at a multiple of that.
static constexpr llvm::Align kQuadAlign = llvm::Align::Constant<kQuad * sizeof(float)>();

static Values zeroUnless(const Block &b, Value condition, Values x) {
  for (Value &one : x)
    one = arith::SelectOp::create(b.b, b.loc, condition, one, b.f32(0));
  return x;
}

Values loadQuad(const Block &b, Value buffer, ValueRange leading, Value number, int64_t columns,
                int64_t padded) {
  Values x;
  if (columns % kQuad != 0) {
    for (int64_t i = 0; i < kQuad; ++i) {
      Value column = b.add(b.mul(number, kQuad), i);
      Value at = b.min(column, b.index(columns - 1));
      Values one{b.loadOne(buffer, indices(leading, at))};
      x.append(zeroUnless(b, b.less(column, b.index(columns)), one));
    }
    return x;
  }
  Value last = b.index(columns / kQuad - 1);
  Value at = columns == padded ? number : b.min(number, last);
  Value four = vector::LoadOp::create(b.b, b.loc, b.floats(kQuad), buffer,
                                      indices(leading, b.mul(at, kQuad)), false, kQuadAlign);
  for (int64_t i = 0; i < kQuad; ++i)
    x.push_back(vector::ExtractOp::create(b.b, b.loc, four, i));
  return columns == padded ? x : zeroUnless(b, b.less(number, b.index(columns / kQuad)), x);
}

/// `x` where there is no `y`.
static Value both(const Block &b, Value x, Value y) {
  return y ? b.b.createOrFold<arith::AndIOp>(b.loc, x, y) : x;
}

void storeQuad(const Block &b, const Quad &quad, Value buffer, ValueRange leading,
               int64_t columns) {
  Value first = b.mul(quad.number, kQuad), end = b.index(columns);
  if (columns % kQuad == 0) {
    b.when(both(b, b.less(first, end), quad.exists), [&] {
      Value four = vector::FromElementsOp::create(b.b, b.loc, b.floats(kQuad), quad.x);
      vector::StoreOp::create(b.b, b.loc, four, buffer, indices(leading, first), false, kQuadAlign);
    });
    return;
  }
  for (int64_t i = 0; i < kQuad; ++i) {
    Value column = b.add(first, i);
    b.when(both(b, b.less(column, end), quad.exists),
           [&] { b.storeOne(quad.x[i], buffer, indices(leading, column)); });
  }
}

} // namespace phidias::cuda
