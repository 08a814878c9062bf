// Some rows of an item at a time. The warps take its panels in turn, each with a softmax of its own
// that moves on with every panel (Milakov and Gimelshein, 2018); what they found is put together in
// shared memory, in the order of the warps.

#include "targets/cuda/AttentionFew.h"
#include "phidias/Vectorize/CacheRegion.h"
#include "targets/cuda/AttentionPanel.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using phidias::vec::kPanel;
using phidias::vec::Values;

namespace phidias::cuda {

/// Rows times channels that leave a thread registers for keys and values under way.
static constexpr int64_t kRowChannels = 512, kMostRows = 4;

static int64_t rowsAtATime(const Attend &a) {
  int64_t most = std::clamp<int64_t>(kRowChannels / a.headDim, 1, kMostRows);
  return llvm::divideCeil(a.rows(), llvm::divideCeil(a.rows(), most));
}

FewShape::FewShape(const Attend &a)
    : rows(rowsAtATime(a)), positions(a.element.isF16() ? 8 : 4), sharing(kPanel / positions) {
  int64_t words = a.isI8() ? a.headDim / 4 : a.headDim;
  keyLoads = llvm::divideCeil(words * sharing, kWarpThreads);
  width = a.isI8() ? 4 : llvm::MinAlign(a.headDim, 16 / a.bytes());
  units = a.headDim / width;
  int64_t steps = a.isI8() ? kPanel / vec::kQuad : kPanel;
  unitLanes = std::clamp<int64_t>(llvm::PowerOf2Ceil(units), kWarpThreads / steps, kWarpThreads);
  laneUnits = llvm::divideCeil(units, unitLanes);
  valueTurns = steps * unitLanes / kWarpThreads;
  int64_t end = 0;
  auto part = [&](int64_t bytes) {
    int64_t start = end;
    end += llvm::alignTo(bytes, 16);
    return start;
  };
  queries = part(rows * queryChannels(a) * (a.isI8() ? 1 : 4));
  queryScales = part(a.isI8() ? rows * a.groups() * 4 : 0);
  largest = part(kWarps * rows * 4);
  weights = part(kWarps * rows * 4);
  sums = part(kWarps * rows * sumFloats() * 4);
}

Value FewShape::sumPlace(const Block &e, Value channel) const {
  Value inUnit = e.rem(channel, width), unit = e.mul(e.div(channel, width), piece());
  Value start = e.mul(e.div(inUnit, piece()), pieceFloats());
  return e.add(e.add(start, unit), e.rem(inUnit, piece()));
}

int64_t FewShape::queryChannels(const Attend &a) const {
  return a.isI8() ? a.headDim : keyLoads * kWarpThreads / sharing;
}

namespace {

struct Few {
  const Attend &a;
  const FewShape shape{a};
  const Block &e = a.e;

  int64_t vectors() const { return shape.rows * shape.laneUnits; }
  /// largest[rows], weights[rows] (of the lane's positions), sums[row][unit].
  Values nothing() const {
    Values state(shape.rows, e.f32(kLowest));
    state.append(shape.rows, e.f32(0));
    state.append(vectors(), e.zeros(shape.width));
    return state;
  }

  /// With one panel more.
  Values attendPanel(const AttendItem &item, Value row, Value panel, ValueRange state) const {
    PanelValues values = loadValues(a, shape, item, panel);
    Values scores = scorePanel(a, shape, item, panel), next(2 * shape.rows), kept, shares;
    Value position = e.add(e.mul(panel, kPanel), lanePosition(a, shape));
    for (int64_t r = 0; r < shape.rows; ++r) {
      Value seen = sees(a, rowOf(a, item, e.add(row, r)), position);
      Value score = arith::SelectOp::create(e.b, e.loc, seen, scores[r], e.f32(-INFINITY));
      Value largest = e.maxf(state[r], e.largest(score, kPanel));
      Value keep = expOfNegative(e, e.subf(state[r], largest));
      shares.push_back(expOfNegative(e, e.subf(score, largest)));
      next[r] = largest;
      next[shape.rows + r] = e.fma(state[shape.rows + r], keep, shares[r]);
      for (int64_t i = 0; i < shape.laneUnits; ++i)
        kept.push_back(e.mulf(state[2 * shape.rows + kept.size()], e.splat(shape.width, keep)));
    }
    llvm::append_range(next, addPanel(a, shape, values, shares, kept));
    return next;
  }

  /// What the warp found, to shared memory.
  void leave(ValueRange state) const {
    Value first = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq, e.lane, e.index(0));
    for (int64_t r = 0; r < shape.rows; ++r) {
      Value weights = e.sum(state[shape.rows + r], kPanel);
      e.when(first, [&] {
        e.storeOne(state[r], largest(), {e.warp, e.index(r)});
        e.storeOne(weights, this->weights(), {e.warp, e.index(r)});
      });
      for (int64_t i = 0; i < shape.laneUnits; ++i)
        leaveUnit(state[2 * shape.rows + r * shape.laneUnits + i], r, i);
    }
  }

  void leaveUnit(Value lanes, int64_t row, int64_t number) const {
    Values channels;
    for (int64_t c = 0; c < shape.width; ++c)
      channels.push_back(e.sum(vector::ExtractOp::create(e.b, e.loc, lanes, c),
                               kWarpThreads / shape.unitLanes, shape.unitLanes));
    Value unit = e.add(e.lane, number * shape.unitLanes);
    Value own = arith::AndIOp::create(e.b, e.loc, e.less(e.lane, e.index(shape.unitLanes)),
                                      e.less(unit, e.index(shape.units)));
    e.when(own, [&] {
      int64_t size = shape.piece(), rowPieces = shape.sumFloats() / size;
      Value pieces = e.shared(shape.sums, kWarps * shape.rows * rowPieces, e.floats(size));
      Value first = e.add(e.mul(e.add(e.mul(e.warp, shape.rows), row), rowPieces), unit);
      for (int64_t c = 0; c < shape.width; c += size)
        e.storeOne(vector::FromElementsOp::create(e.b, e.loc, e.floats(size),
                                                  ArrayRef(channels).slice(c, size)),
                   pieces, e.add(first, c / size * (shape.pieceFloats() / size)));
    });
  }

  Value largest() const { return e.shared(shape.largest, {kWarps, shape.rows}, e.b.getF32Type()); }
  Value weights() const { return e.shared(shape.weights, {kWarps, shape.rows}, e.b.getF32Type()); }
  Value sums() const {
    return e.shared(shape.sums, {kWarps, shape.rows, shape.sumFloats()}, e.b.getF32Type());
  }

  /// A row's largest score of all warps, and how much the sums of each then count.
  std::pair<Value, Values> shares(Value row) const {
    Values each, shares;
    for (int64_t warp = 0; warp < kWarps; ++warp)
      each.push_back(e.loadOne(largest(), {e.index(warp), row}));
    Value all = each[0];
    for (Value one : ArrayRef(each).drop_front())
      all = e.maxf(all, one);
    for (Value one : each)
      shares.push_back(expOfNegative(e, e.subf(one, all)));
    return {all, shares};
  }

  Value total(ValueRange shares, function_ref<Value(Value)> ofWarp) const {
    Value sum = e.f32(0);
    for (int64_t warp = 0; warp < kWarps; ++warp)
      sum = e.fma(shares[warp], ofWarp(e.index(warp)), sum);
    return sum;
  }

  void storeChannel(const AttendItem &item, Value row, Value number, Value channel) const {
    auto [largest, shares] = this->shares(number);
    Value weights = total(shares, [&](Value w) { return e.loadOne(this->weights(), {w, number}); });
    Value place = shape.sumPlace(e, channel);
    Value sum = total(shares, [&](Value w) { return e.loadOne(sums(), {w, number, place}); });
    AttendRow to = rowOf(a, item, e.add(row, number));
    storeSums(a, item, to, channel, sum, weights);
    Value first = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq, channel, e.index(0));
    e.when(first, [&, largest = largest] { storeWeights(a, item, to, largest, weights); });
  }

  /// What the warps found of the rows from `row` on.
  void attendRows(const AttendItem &item, Value row) const {
    e.barrier(); // others may still read what was put together last
    leaveQueries(a, shape, item, row);
    e.barrier();
    Value from = e.add(e.div(item.from, kPanel), e.warp), to = e.ceilDiv(item.to, kPanel);
    Values state = e.loop(from, to, kWarps, nothing(), [&](Value panel, ValueRange state) {
      return attendPanel(item, row, panel, state);
    });
    leave(state);
  }

  void storeRows(const AttendItem &item, Value row) const {
    e.barrier();
    Value rows = e.min(e.sub(item.rows, row), e.index(shape.rows));
    e.eachThread(e.index(0), e.mul(rows, a.headDim), [&](Value i) {
      storeChannel(item, row, e.div(i, a.headDim), e.rem(i, a.headDim));
    });
  }
};

} // namespace

void attendFew(const Attend &a) {
  int64_t rows = FewShape(a).rows;
  eachItem(a, [&](const AttendItem &item) {
    a.e.loop(a.e.index(0), item.rows, rows, [&](Value row) {
      Block e = a.e.anew();
      Attend own(e, a.op);
      Few{own}.attendRows(again(own, item), e.opaque(row));
      Block last = a.e.anew();
      Attend after(last, a.op);
      Few{after}.storeRows(again(after, item), last.opaque(row));
    });
  });
}

} // namespace phidias::cuda
