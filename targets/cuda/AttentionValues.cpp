#include "phidias/Vectorize/CacheRegion.h"
#include "targets/cuda/AttentionPanel.h"

using namespace mlir;
using phidias::vec::kGroup;
using phidias::vec::kPanel;
using phidias::vec::kQuad;
using phidias::vec::Values;

namespace phidias::cuda {
namespace {

/// The values of a panel. A lane has the same channels of every turn's position, or quad.
struct PanelOfValues {
  const Attend &a;
  const FewShape &shape;
  const AttendItem &item;
  Value panel;
  const Block &e = a.e;

  int64_t turnSteps() const { return kWarpThreads / shape.unitLanes; } ///< positions, or quads
  Value unit(int64_t number) const {
    Value own = e.add(e.rem(e.lane, shape.unitLanes), number * shape.unitLanes);
    return (number + 1) * shape.unitLanes > shape.units ? e.min(own, e.index(shape.units - 1))
                                                        : own;
  }
  /// In the panel.
  Value step(int64_t turn) const {
    return e.add(e.div(e.lane, shape.unitLanes), turn * turnSteps());
  }
  /// In the cache. What lies behind the last position is anything, even no number.
  Value position(Value inPanel) const {
    return e.min(e.add(e.mul(panel, kPanel), inPanel), item.last);
  }

  Value loadFloats(int64_t turn, int64_t number) const {
    Value row = e.mul(position(step(turn)), a.headDim);
    Value element = e.add(row, e.mul(unit(number), shape.width));
    return e.loadAligned(e.vector(shape.width, a.element), a.op.getCache(),
                         e.add(item.cache.values, e.mul(element, a.bytes())));
  }

  /// Of each channel the codes of four positions, the first in the low bits.
  Value loadCodes(int64_t turn, int64_t number) const {
    Value quad = e.add(e.mul(panel, kPanel / kQuad), step(turn));
    Value channel = e.add(e.mul(quad, a.headDim), e.mul(unit(number), shape.width));
    return e.loadAligned(e.vector(shape.width, e.b.getI32Type()), a.op.getCache(),
                         e.add(item.cache.values, e.mul(channel, kQuad)));
  }

  Value loadScale(int64_t turn, int64_t number, int64_t ofQuad) const {
    Value own = position(e.add(e.mul(step(turn), kQuad), ofQuad));
    Value group = e.div(unit(number), kGroup / shape.width);
    Value at = e.mul(e.add(e.mul(own, a.groups()), group), 2);
    return e.toF32(
        e.loadAligned(e.b.getF16Type(), a.op.getCache(), e.add(item.cache.valueScales, at)));
  }

  Value weightOf(Value weights, Value inPanel) const {
    Value lane = laneOf(a, shape, inPanel);
    Value from = arith::IndexCastOp::create(e.b, e.loc, e.b.getI32Type(), lane);
    return gpu::ShuffleOp::create(e.b, e.loc, weights, from, e.i32(kWarpThreads),
                                  gpu::ShuffleMode::IDX)
        .getShuffleResult();
  }

  /// The codes of a position of the quad.
  Value codesOf(Value words, int64_t ofQuad) const {
    auto splat = [&](int32_t value) { return e.splat(shape.width, e.i32(value)); };
    auto below = static_cast<int32_t>(8 * (kQuad - 1 - ofQuad));
    Value top = arith::ShLIOp::create(e.b, e.loc, words, splat(below));
    Value code = arith::ShRSIOp::create(e.b, e.loc, top, splat(24));
    return arith::SIToFPOp::create(e.b, e.loc, e.floats(shape.width), code);
  }

  void addFloats(int64_t turn, const PanelValues &values, ValueRange weights,
                 MutableArrayRef<Value> sums) const {
    for (int64_t row = 0; row < shape.rows; ++row) {
      Value weight = e.splat(shape.width, weightOf(weights[row], step(turn)));
      for (int64_t i = 0; i < shape.laneUnits; ++i) {
        Value &sum = sums[row * shape.laneUnits + i];
        sum = e.fma(e.toF32(values.words[turn * shape.laneUnits + i]), weight, sum);
      }
    }
  }

  void addCodes(int64_t turn, int64_t ofQuad, const PanelValues &values, ValueRange weights,
                MutableArrayRef<Value> sums) const {
    Value inPanel = e.add(e.mul(step(turn), kQuad), ofQuad);
    for (int64_t row = 0; row < shape.rows; ++row) {
      Value weight = weightOf(weights[row], inPanel);
      for (int64_t i = 0; i < shape.laneUnits; ++i) {
        int64_t load = turn * shape.laneUnits + i;
        Value factor = e.mulf(weight, values.scales[load * kQuad + ofQuad]);
        Value codes = codesOf(values.words[load], ofQuad);
        Value &sum = sums[row * shape.laneUnits + i];
        sum = e.fma(codes, e.splat(shape.width, factor), sum);
      }
    }
  }
};

} // namespace

PanelValues loadValues(const Attend &a, const FewShape &shape, const AttendItem &item,
                       Value panel) {
  PanelOfValues all{a, shape, item, panel};
  PanelValues values;
  for (int64_t turn = 0; turn < shape.valueTurns; ++turn)
    for (int64_t i = 0; i < shape.laneUnits; ++i) {
      values.words.push_back(a.isI8() ? all.loadCodes(turn, i) : all.loadFloats(turn, i));
      for (int64_t p = 0; a.isI8() && p < kQuad; ++p)
        values.scales.push_back(all.loadScale(turn, i, p));
    }
  return values;
}

Values addPanel(const Attend &a, const FewShape &shape, const PanelValues &values,
                ValueRange weights, ValueRange sums) {
  PanelOfValues all{a, shape, AttendItem(), Value()};
  Values next(sums);
  for (int64_t turn = 0; turn < shape.valueTurns; ++turn) {
    if (!a.isI8())
      all.addFloats(turn, values, weights, next);
    for (int64_t p = 0; a.isI8() && p < kQuad; ++p)
      all.addCodes(turn, p, values, weights, next);
  }
  return next;
}

} // namespace phidias::cuda
