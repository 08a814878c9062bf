// Scores of a block of positions become weights e^(score - largest score so far). Where the largest
// grew, what was summed before is multiplied by `keep` (Milakov and Gimelshein, 2018).

#include "Attention.h"
#include "phidias/Vectorize/Math.h"
#include <numeric>

using namespace mlir;

namespace phidias::vec {
namespace {

struct Softmax {
  const Attention &a;
  const AttentionItem &item;
  const PositionBlock &block;
  const Emitter &e = a.e;
  const int64_t lanes = a.shape.lanes, vectors = kPositions / lanes;

  Value at(int64_t v) const { return e.index(v * lanes); }

  Value asI32(Value index) const {
    return arith::IndexCastOp::create(e.b, e.loc, e.b.getI32Type(), index);
  }

  /// v-th vector of 0, 1, ... 63.
  Value counting(int64_t v) const {
    SmallVector<int32_t> values(lanes);
    std::iota(values.begin(), values.end(), static_cast<int32_t>(v * lanes));
    VectorType type = e.vector(lanes, e.b.getI32Type());
    return arith::ConstantOp::create(e.b, e.loc,
                                     DenseElementsAttr::get(type, ArrayRef<int32_t>(values)));
  }

  Value compare(arith::CmpIPredicate predicate, int64_t v, Value limit) const {
    return arith::CmpIOp::create(e.b, e.loc, predicate, counting(v), e.splat(lanes, asI32(limit)));
  }

  /// Which lanes the row sees: start + lane <= p, and > p - window.
  Value seen(Value row, int64_t v) const {
    Value p = e.sub(e.add(item.first, e.div(row, a.shape.group)), block.start);
    Value upper = compare(arith::CmpIPredicate::sle, v, p);
    if (!a.op.getWindow())
      return upper;
    Value below = e.sub(p, e.index(*a.op.getWindow()));
    Value lower = compare(arith::CmpIPredicate::sgt, v, below);
    return arith::AndIOp::create(e.b, e.loc, upper, lower);
  }

  Value score(Value row, int64_t v, bool masked) const {
    Value x = e.load(lanes, a.buffers.scores, {row, at(v)});
    if (!masked)
      return x;
    Value lowest = e.splat(lanes, e.f32(-INFINITY));
    x = arith::SelectOp::create(e.b, e.loc, seen(row, v), x, lowest);
    e.store(x, a.buffers.scores, {row, at(v)});
    return x;
  }

  /// fresh[row] = the largest score with this block.
  void findLargest(bool masked) const {
    e.loop(e.index(0), item.rows, 1, [&](Value row) {
      Value largest = score(row, 0, masked);
      for (int64_t v = 1; v < vectors; ++v)
        largest = e.maxf(largest, score(row, v, masked));
      Value here = e.reduce(vector::CombiningKind::MAXNUMF, largest);
      Value fresh = e.maxf(e.loadOne(a.buffers.largest, row), here);
      e.storeOne(fresh, a.buffers.fresh, row);
      if (a.shape.codesWeights())
        e.storeOne(here, a.buffers.peaks, row);
    });
  }

  void findKeep() const {
    e.loop(e.index(0), item.rows, lanes, [&](Value row) {
      Value fresh = e.load(lanes, a.buffers.fresh, row);
      Value drop = e.subf(e.load(lanes, a.buffers.largest, row), fresh);
      e.store(emitExpOfNegative(e.b, e.loc, drop), a.buffers.keep, row);
      e.store(fresh, a.buffers.largest, row);
      if (a.shape.codesWeights())
        findPeaks(row, fresh);
    });
  }

  /// The largest weight of the block and what makes it the largest code; 0 for a row that sees
  /// nothing.
  void findPeaks(Value row, Value fresh) const {
    Value drop = e.subf(e.load(lanes, a.buffers.peaks, row), fresh);
    Value peak = emitExpOfNegative(e.b, e.loc, drop);
    e.store(peak, a.buffers.peaks, row);
    Value inverse = arith::DivFOp::create(e.b, e.loc, e.splat(lanes, e.f32(kLargestCode)), peak);
    Value positive = arith::CmpFOp::create(e.b, e.loc, arith::CmpFPredicate::OGT, peak,
                                           e.splat(lanes, e.f32(1e-30)));
    inverse = arith::SelectOp::create(e.b, e.loc, positive, inverse, e.zeros(lanes));
    e.store(inverse, a.buffers.inverses, row);
  }

  /// A vector of weights, of the positions from `position` of the block on.
  Value weigh(Value row, Value position, Value fresh) const {
    Value x = e.subf(e.load(lanes, a.buffers.scores, {row, position}), fresh);
    Value weight = emitExpOfNegative(e.b, e.loc, x);
    if (a.shape.codesWeights())
      storeCodes(row, position, weight);
    else
      e.store(weight, a.buffers.scores, {row, position});
    return weight;
  }

  /// weight * scale of the value for each group, as a code of 14 bits in two bytes.
  void storeCodes(Value row, Value position, Value weight) const {
    Value share = e.mulf(weight, e.splat(lanes, e.loadOne(a.buffers.inverses, row)));
    Value half = e.splat(lanes, e.f32(0.5));
    VectorType words = e.vector(lanes, e.b.getI32Type()), bytes = e.vector(lanes, e.b.getI8Type());
    for (int64_t group = 0; group < a.shape.groups(); ++group) {
      Value scale = e.load(lanes, a.buffers.scales, {e.index(group), position});
      Value code = arith::FPToSIOp::create(e.b, e.loc, words, e.fma(share, scale, half));
      Value high = arith::ShRUIOp::create(e.b, e.loc, code, e.splat(lanes, e.i32(7)));
      Value low = arith::AndIOp::create(e.b, e.loc, code, e.splat(lanes, e.i32(127)));
      for (auto [part, bits] : llvm::enumerate(Values{high, low}))
        e.store(arith::TruncIOp::create(e.b, e.loc, bytes, bits), a.buffers.codes,
                {row, e.index(group), e.index(part), position});
    }
  }

  void weighRows() const {
    e.loop(e.index(0), item.rows, 1, [&](Value row) {
      Value fresh = e.splat(lanes, e.loadOne(a.buffers.fresh, row));
      Value keep = e.splat(lanes, e.loadOne(a.buffers.keep, row));
      Value sum = e.mulf(e.load(lanes, a.buffers.sums, {row, e.index(0)}), keep);
      e.store(addWeights(row, fresh, sum), a.buffers.sums, {row, e.index(0)});
    });
  }

  /// sum + the weights. More exponentials at a time than kTogether would not fit the registers.
  Value addWeights(Value row, Value fresh, Value sum) const {
    constexpr int64_t kTogether = 8;
    int64_t turn = vectors > kTogether ? kTogether / 4 : vectors;
    auto some = [&](Value first, ValueRange carried) {
      Value sum = carried[0];
      for (int64_t v = 0; v < turn; ++v)
        sum = e.addf(sum, weigh(row, e.add(first, at(v)), fresh));
      return Values{sum};
    };
    if (turn == vectors)
      return some(e.index(0), sum)[0];
    return e.loop(e.index(0), e.index(kPositions), turn * lanes, sum, some)[0];
  }

  /// Whether some row does not see all of the block.
  Value needsMask() const {
    Value end = e.add(block.start, kPositions - 1);
    Value needs = e.less(item.first, end);
    if (!a.op.getWindow())
      return needs;
    Value below =
        e.less(block.start, e.add(item.last, 1 - static_cast<int64_t>(*a.op.getWindow())));
    return arith::OrIOp::create(e.b, e.loc, needs, below);
  }

  /// The scales of the block's values to scales[group][position], in f32; 0 where nothing is valid.
  void transposeScales() const {
    int64_t groups = a.shape.groups();
    Value end = e.mul(e.ceilDiv(block.valid, lanes), lanes);
    e.loop(e.index(0), end, lanes, [&](Value position) {
      Value first = e.mul(e.add(block.start, position), groups);
      Value all = e.load(lanes * groups, item.region.valueScales, first);
      Value valid = compare(arith::CmpIPredicate::slt, 0, e.sub(block.valid, position));
      for (int64_t group = 0; group < groups; ++group) {
        SmallVector<int64_t> picks;
        for (int64_t lane = 0; lane < lanes; ++lane)
          picks.push_back(lane * groups + group);
        Value some = e.toF32(vector::ShuffleOp::create(e.b, e.loc, all, all, picks));
        some = arith::SelectOp::create(e.b, e.loc, valid, some, e.zeros(lanes));
        e.store(some, a.buffers.scales, {e.index(group), position});
      }
    });
    e.loop(end, e.index(kPositions), lanes, [&](Value position) {
      for (int64_t group = 0; group < groups; ++group)
        e.store(e.zeros(lanes), a.buffers.scales, {e.index(group), position});
    });
  }

  /// Scales become shares of the group's largest.
  void normalizeScales() const {
    e.loop(e.index(0), e.index(a.shape.groups()), 1, [&](Value group) {
      Values scales;
      for (int64_t v = 0; v < vectors; ++v)
        scales.push_back(e.load(lanes, a.buffers.scales, {group, at(v)}));
      Value all = scales[0];
      for (Value scale : ArrayRef(scales).drop_front())
        all = e.maxf(all, scale);
      Value largest = e.reduce(vector::CombiningKind::MAXNUMF, all);
      e.storeOne(largest, a.buffers.largestScales, group);
      // 1e-30 is less than any f16: where all scales are 0 they stay so.
      Value inverse = arith::DivFOp::create(e.b, e.loc, e.f32(1), e.maxf(largest, e.f32(1e-30)));
      for (int64_t v = 0; v < vectors; ++v)
        e.store(e.mulf(scales[v], e.splat(lanes, inverse)), a.buffers.scales, {group, at(v)});
    });
  }
};

} // namespace

void softmaxPositions(const Attention &a, const AttentionItem &item, const PositionBlock &block) {
  Softmax softmax{a, item, block};
  if (a.shape.codesWeights()) {
    softmax.transposeScales();
    softmax.normalizeScales();
  }
  a.e.either(
      softmax.needsMask(), [&] { softmax.findLargest(/*masked=*/true); },
      [&] { softmax.findLargest(/*masked=*/false); });
  softmax.findKeep();
  softmax.weighRows();
}

} // namespace phidias::vec
