// Scores of a block of positions become weights e^(score - largest score so far). Where the largest
// grew, what was summed before is multiplied by `keep` (Milakov and Gimelshein, 2018).

#include "Attention.h"
#include "Math.h"
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
    });
  }

  void findKeep() const {
    e.loop(e.index(0), item.rows, lanes, [&](Value row) {
      Value fresh = e.load(lanes, a.buffers.fresh, row);
      Value drop = e.subf(e.load(lanes, a.buffers.largest, row), fresh);
      e.store(emitExpOfNegative(e.b, e.loc, drop), a.buffers.keep, row);
      e.store(fresh, a.buffers.largest, row);
    });
  }

  /// A vector of weights, times the scale of each position's value where those are of i8.
  Value weigh(Value row, int64_t v, Value fresh) const {
    Value x = e.subf(e.load(lanes, a.buffers.scores, {row, at(v)}), fresh);
    Value weight = emitExpOfNegative(e.b, e.loc, x);
    if (!a.shape.scalesWeights()) {
      e.store(weight, a.buffers.scores, {row, at(v)});
      return weight;
    }
    for (int64_t group = 0; group < a.shape.groups(); ++group) {
      Value scale = e.load(lanes, a.buffers.scales, {e.index(group), at(v)});
      e.store(e.mulf(weight, scale), a.buffers.scaled, {row, e.index(group), at(v)});
    }
    return weight;
  }

  void weighRows() const {
    e.loop(e.index(0), item.rows, 1, [&](Value row) {
      Value fresh = e.splat(lanes, e.loadOne(a.buffers.fresh, row));
      Value keep = e.splat(lanes, e.loadOne(a.buffers.keep, row));
      Value sum = e.mulf(e.load(lanes, a.buffers.sums, {row, e.index(0)}), keep);
      for (int64_t v = 0; v < vectors; ++v)
        sum = e.addf(sum, weigh(row, v, fresh));
      e.store(sum, a.buffers.sums, {row, e.index(0)});
    });
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

  /// The scales of the block's values to scales[group][position], in f32.
  void transposeScales() const {
    int64_t groups = a.shape.groups();
    e.loop(e.index(0), block.valid, lanes, [&](Value position) {
      Value first = e.mul(e.add(block.start, position), groups);
      Value all = e.load(lanes * groups, item.region.valueScales, first);
      for (int64_t group = 0; group < groups; ++group) {
        SmallVector<int64_t> picks;
        for (int64_t lane = 0; lane < lanes; ++lane)
          picks.push_back(lane * groups + group);
        Value some = vector::ShuffleOp::create(e.b, e.loc, all, all, picks);
        e.store(e.toF32(some), a.buffers.scales, {e.index(group), position});
      }
    });
  }
};

} // namespace

void softmaxPositions(const Attention &a, const AttentionItem &item, const PositionBlock &block) {
  Softmax softmax{a, item, block};
  if (a.shape.scalesWeights())
    softmax.transposeScales();
  a.e.either(
      softmax.needsMask(), [&] { softmax.findLargest(/*masked=*/true); },
      [&] { softmax.findLargest(/*masked=*/false); });
  softmax.findKeep();
  softmax.weighRows();
}

} // namespace phidias::vec
