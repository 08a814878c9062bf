#include "targets/cuda/AttentionTile.h"
#include "phidias/Vectorize/CacheRegion.h"
#include "targets/cuda/TensorCore.h"

using namespace mlir;
using phidias::vec::kPanel;
using phidias::vec::Values;

namespace phidias::cuda {

Values TileState::all() const {
  Values values{largest[0], largest[1], weights[0], weights[1]};
  llvm::append_range(values, sums);
  return values;
}

TileState TileState::of(ValueRange values) {
  TileState state{{values[0], values[1]}, {values[2], values[3]}, {}};
  llvm::append_range(state.sums, values.drop_front(4));
  return state;
}

TileRows::TileRows(const Attend &a, const AttendItem &item, Value firstRow)
    : half(a.e.div(a.e.warp, kTiles)) {
  const Block &e = a.e;
  Value tile = e.add(firstRow, e.mul(e.rem(e.warp, kTiles), kTileRows));
  for (int64_t r = 0; r < 2; ++r) {
    row[r] = e.add(tile, e.add(e.div(e.lane, 4), 8 * r));
    which[r] = rowOf(a, item, e.min(row[r], e.sub(item.rows, e.index(1))));
  }
}

Tile::Tile(const Attend &a, const AttendItem &item, Value firstRow)
    : TileRows(a, item, firstRow), a(a), item(item), e(a.e), stage(a) {
  for (int64_t k = 0; k < a.headDim / 16; ++k)
    llvm::append_range(queries, queryFragment(k));
}

/// Two f32 as f16 in a word.
Value Tile::narrow(Value pair) const {
  Value narrow = arith::TruncFOp::create(e.b, e.loc, e.vector(2, e.b.getF16Type()), pair);
  return LLVM::BitcastOp::create(e.b, e.loc, e.b.getI32Type(), narrow);
}

Value Tile::pair(Value x, Value y) const {
  return narrow(vector::FromElementsOp::create(e.b, e.loc, e.floats(2), ValueRange{x, y}));
}

Values Tile::queryFragment(int64_t k) const {
  Values words;
  for (int64_t part = 0; part < 4; ++part) {
    Value channel = e.add(e.mul(e.rem(e.lane, 4), 2), 16 * k + 8 * (part / 2));
    words.push_back(narrow(queryPair(a, which[part % 2], channel)));
  }
  return words;
}

TileState Tile::nothing() const {
  Value lowest = e.f32(kLowest), zero = e.f32(0);
  return {{lowest, lowest}, {zero, zero}, Values(a.headDim / 2, zero)};
}

/// Which row of which matrix the lane gives to loadMatrices.
Value Tile::loaderRow() const { return e.rem(e.lane, 8); }
Value Tile::loaderMatrix() const { return e.div(e.lane, 8); }

/// Of the warp's positions, [position / 8][4].
Values Tile::scores(Value at) const {
  Values sums(4 * 2 * kPanels, e.f32(0));
  Value swapped =
      e.b.createOrFold<arith::XOrIOp>(e.loc, e.div(loaderMatrix(), 2), e.div(loaderRow(), 4));
  Value channel = e.add(e.mul(e.rem(loaderMatrix(), 2), 8), loaderRow());
  Value first = e.add(
      at, e.add(e.mul(half, kPanels * stage.panelUnits()), e.add(e.mul(channel, 2), swapped)));
  for (int64_t k = 0; k < a.headDim / 16; ++k)
    for (int64_t panel = 0; panel < kPanels; ++panel) {
      Value unit = e.add(first, panel * stage.panelUnits() + 32 * k);
      Values keys = loadMatrices(e, e.mul(unit, kUnit), /*transposed=*/true);
      for (int64_t eight = 0; eight < 2; ++eight) {
        auto some = MutableArrayRef(sums).slice(4 * (2 * panel + eight), 4);
        llvm::copy(multiplyMatrices(e, e.b.getF16Type(), ArrayRef(queries).slice(4 * k, 4),
                                    ArrayRef(keys).slice(2 * eight, 2), some),
                   some.begin());
      }
    }
  return sums;
}

void Tile::mask(Value start, Values &scores) const {
  Value first = e.add(e.add(start, e.mul(half, kPanels * kPanel)), e.mul(e.rem(e.lane, 4), 2));
  for (auto [i, score] : llvm::enumerate(scores)) {
    auto number = static_cast<int64_t>(i);
    Value position = e.add(first, 8 * (number / 4) + number % 2);
    Value seen = sees(a, which[number % 4 / 2], position);
    score = arith::SelectOp::create(e.b, e.loc, seen, score, e.f32(-INFINITY));
  }
}

/// Scores become weights; the state moves on to the largest of them.
Values Tile::weigh(Values scores, TileState &state) const {
  Values keep;
  for (size_t r = 0; r < 2; ++r) {
    Value largest = state.largest[r];
    for (size_t i = 0; i < scores.size(); ++i)
      if (i % 4 / 2 == r)
        largest = e.maxf(largest, scores[i]);
    largest = e.largest(largest, 4);
    keep.push_back(expOfNegative(e, e.subf(state.largest[r], largest)));
    state.largest[r] = largest;
    state.weights[r] = e.mulf(state.weights[r], keep[r]);
  }
  for (auto [i, score] : llvm::enumerate(scores)) {
    size_t r = i % 4 / 2;
    score = expOfNegative(e, e.subf(score, state.largest[r]));
    state.weights[r] = e.addf(state.weights[r], score);
  }
  for (auto [i, sum] : llvm::enumerate(state.sums))
    sum = e.mulf(sum, keep[i % 4 / 2]);
  return scores;
}

/// C fragments of the weights are, narrowed, A fragments.
void Tile::addValues(Value at, ValueRange weights, TileState &state) const {
  Value position = e.add(e.mul(e.rem(loaderMatrix(), 2), 8), loaderRow());
  Value row = e.add(e.mul(half, kPanels * kPanel), position);
  Value first = e.add(e.add(at, stage.valuesAt()),
                      e.add(e.mul(row, stage.rowUnits()), e.div(loaderMatrix(), 2)));
  for (int64_t panel = 0; panel < kPanels; ++panel) {
    Values shares;
    for (int64_t i = 0; i < 8; i += 2)
      shares.push_back(pair(weights[8 * panel + i], weights[8 * panel + i + 1]));
    for (int64_t c = 0; c < a.headDim / 16; ++c) {
      Value unit = e.add(first, panel * kPanel * stage.rowUnits() + 2 * c);
      Values values = loadMatrices(e, e.mul(unit, kUnit), /*transposed=*/true);
      for (int64_t eight = 0; eight < 2; ++eight) {
        auto some = MutableArrayRef(state.sums).slice(4 * (2 * c + eight), 4);
        llvm::copy(multiplyMatrices(e, e.b.getF16Type(), shares,
                                    ArrayRef(values).slice(2 * eight, 2), some),
                   some.begin());
      }
    }
  }
}

TileState Tile::attend(Value start, Value at, TileState state) const {
  Values scores = this->scores(at);
  mask(start, scores);
  Values weights = weigh(scores, state);
  addValues(at, weights, state);
  return state;
}

} // namespace phidias::cuda
