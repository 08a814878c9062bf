// out[row] = out[row] * keep[row] + sum over the block's positions of weight * value for an i8
// cache and few rows, four positions at a time in integers. A weight times its value's scale is a
// code of 14 bits of the block's largest such product; its halves of 7 bits are multiplied on their
// own, so that a target without a dot product may add in 16 bits.

#include "Attention.h"

using namespace mlir;

namespace phidias::vec {
namespace {

/// Some vectors of channels that share a scale.
struct Strip {
  const Attention &a;
  const AttentionItem &item;
  const PositionBlock &block;
  Value channel; ///< the first
  const Emitter &e = a.e;
  const int64_t lanes = a.shape.lanes, vectors = a.shape.dotVectors;

  Value group() const { return e.div(channel, kGroup); }
  Value channelOf(int64_t v) const { return e.add(channel, v * lanes); }
  /// Of codeWords; half 0: the high bits.
  Value codesRow(Value row, int64_t half) const {
    return e.add(e.mul(e.add(e.mul(row, a.shape.groups()), group()), 2), half);
  }

  Value values(Value quad, int64_t v) const {
    Value at = e.add(e.div(block.start, kQuad), quad);
    return e.load(kQuad * lanes, item.region.values, {at, e.mul(channelOf(v), kQuad)});
  }

  /// sum + weights * values. With value_lanes it is the second factor that comes from a lane.
  Value dot(Value sum, Value weights, Value values) const {
    if (a.shape.valueLanes)
      return phi::DotOp::create(e.b, e.loc, sum.getType(), sum, values, weights, 127, true);
    return phi::DotOp::create(e.b, e.loc, sum.getType(), sum, weights, values, 127);
  }

  /// Asks for the lines at the same place of the next block.
  void fetchAhead(Value quad) const {
    Value next = e.add(e.div(block.start, kQuad), e.add(quad, kAhead / kQuad));
    for (int64_t byte = 0; byte < kQuad * vectors * lanes; byte += 64)
      e.prefetch(item.region.values, {next, e.add(e.mul(channel, kQuad), byte)});
  }

  /// sums: [row][vector][half].
  Values step(Value row, int64_t rows, Value quad, Factor factor, ValueRange sums) const {
    fetchAhead(quad);
    Values factors, next;
    for (int64_t v = 0; v < vectors; ++v)
      factors.push_back(values(quad, v));
    for (int64_t r = 0; r < rows; ++r) {
      Values halves; // four codes of the row, for each lane; the high bits first
      for (int64_t half = 0; half < 2; ++half)
        halves.push_back(e.recast(factor(a.buffers.codeWords, codesRow(e.add(row, r), half), lanes),
                                  kQuad * lanes, e.b.getI8Type()));
      for (int64_t v = 0; v < vectors; ++v)
        for (Value half : halves)
          next.push_back(dot(sums[next.size()], half, factors[v]));
    }
    return next;
  }

  /// (high * 128 + low) * what a code stands for.
  Value product(Value high, Value low, Value unit) const {
    Value shifted = arith::ShLIOp::create(e.b, e.loc, high, e.splat(lanes, e.i32(7)));
    Value sum = arith::AddIOp::create(e.b, e.loc, shifted, low);
    return e.mulf(arith::SIToFPOp::create(e.b, e.loc, e.floats(lanes), sum), unit);
  }

  void addTo(Value row, ArrayRef<Value> sums) const {
    Value keep = e.splat(lanes, e.loadOne(a.buffers.keep, row));
    Value peak = e.mulf(e.loadOne(a.buffers.peaks, row), e.f32(1.0 / kLargestCode));
    Value unit = e.splat(lanes, e.mulf(peak, e.loadOne(a.buffers.largestScales, group())));
    for (int64_t v = 0; v < vectors; ++v) {
      Value old = e.load(lanes, a.buffers.out, {row, channelOf(v)});
      Value more = product(sums[2 * v], sums[2 * v + 1], unit);
      e.store(e.fma(old, keep, more), a.buffers.out, {row, channelOf(v)});
    }
  }

  void add(Value row, int64_t rows) const {
    Value quads = e.ceilDiv(block.valid, kQuad);
    Values zeros(rows * vectors * 2, e.splat(lanes, e.i32(0)));
    Values sums = sumOver(a, quads, zeros, [&](Value quad, Factor factor, ValueRange sums) {
      return step(row, rows, quad, factor, sums);
    });
    for (int64_t r = 0; r < rows; ++r)
      addTo(e.add(row, r), ArrayRef(sums).slice(r * vectors * 2, vectors * 2));
  }
};

} // namespace

void addValuesI8(const Attention &a, const AttentionItem &item, const PositionBlock &block) {
  const Emitter &e = a.e;
  int64_t width = a.shape.dotVectors * a.shape.lanes;
  e.loop(e.index(0), e.index(a.shape.headDim), width, [&](Value channel) {
    Strip strip{a, item, block, channel};
    forRowTiles(a, item.rows, a.shape.dotRows,
                [&](Value row, int64_t rows) { strip.add(row, rows); });
  });
}

} // namespace phidias::vec
