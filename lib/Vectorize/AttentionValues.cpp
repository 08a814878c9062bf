// out[row] = out[row] * keep[row] + sum over the block's positions of weight * value: lanes are
// channels, a weight is broadcast. A strip of channels of a few rows stays in registers over all
// positions of the block.

#include "Attention.h"
#include <numeric>

using namespace mlir;

namespace phidias::vec {
namespace {

/// Some vectors of channels side by side.
struct Strip {
  const Attention &a;
  const AttentionItem &item;
  const PositionBlock &block;
  Value channel;              ///< the first
  SmallVector<int64_t> sizes; ///< lanes of each vector

  int64_t start(int64_t v) const {
    return std::accumulate(sizes.begin(), sizes.begin() + v, int64_t(0));
  }
  Value channelOf(int64_t v) const { return a.e.add(channel, start(v)); }
  /// Of the scale. A strip starts at a multiple of its width, which divides 32 or is divided by it.
  Value group(int64_t v) const { return a.e.add(a.e.div(channel, kGroup), start(v) / kGroup); }
  int64_t vectors() const { return sizes.size(); }

  Value value(Value position, int64_t v) const {
    return a.e.toF32(
        a.e.load(sizes[v], item.region.values, {a.e.add(block.start, position), channelOf(v)}));
  }

  /// The value at `quad` + j, of the four that lie together, without its scale.
  Value codeOf(Value quad, int64_t j, int64_t v) const {
    const Emitter &e = a.e;
    Value at = e.div(e.add(block.start, quad), kQuad);
    Value words = e.load(sizes[v], item.region.valueWords, {at, channelOf(v)});
    Value left = e.splat(sizes[v], e.i32(24 - 8 * j)), right = e.splat(sizes[v], e.i32(24));
    Value top = arith::ShLIOp::create(e.b, e.loc, words, left);
    Value code = arith::ShRSIOp::create(e.b, e.loc, top, right);
    return arith::SIToFPOp::create(e.b, e.loc, e.floats(sizes[v]), code);
  }

  Value widened(Value position, int64_t v) const {
    return a.e.add(a.e.mul(position, start(vectors())), start(v));
  }

  /// The values to the scratch, [position][channel of the strip].
  void widen() const {
    if (a.shape.isI8())
      return widenI8();
    const Emitter &e = a.e;
    e.loop(e.index(0), block.valid, 1, [&](Value position) {
      for (int64_t v = 0; v < vectors(); ++v)
        e.store(value(position, v), a.buffers.widened, widened(position, v));
    });
  }

  /// Up to three positions more than are valid: nobody looks at them.
  void widenI8() const {
    const Emitter &e = a.e;
    e.loop(e.index(0), block.valid, kQuad, [&](Value quad) {
      for (int64_t j = 0; j < kQuad; ++j)
        for (int64_t v = 0; v < vectors(); ++v) {
          Value position = e.add(quad, j);
          Value x = e.mulf(codeOf(quad, j, v), e.splat(sizes[v], scale(position, v)));
          e.store(x, a.buffers.widened, widened(position, v));
        }
    });
  }

  Value scale(Value position, int64_t v) const {
    const Emitter &e = a.e;
    Value first = e.mul(e.add(block.start, position), a.shape.groups());
    return e.toF32(e.loadOne(item.region.valueScales, e.add(first, group(v))));
  }

  /// Asks for the lines of the strip at the same place of the next block.
  void fetchAhead(Value position) const {
    const Emitter &e = a.e;
    int64_t perLine = 64 * 8 / a.shape.element.getIntOrFloatBitWidth();
    Value next = e.add(e.add(block.start, position), kAhead);
    for (int64_t c = 0; c < start(vectors()); c += perLine)
      e.prefetch(item.region.values, {next, e.add(channel, c)});
  }

  /// What is there, times keep.
  Values kept(Value row, int64_t rows) const {
    const Emitter &e = a.e;
    Values result;
    for (int64_t r = 0; r < rows; ++r) {
      Value at = e.add(row, r), keep = e.loadOne(a.buffers.keep, at);
      for (int64_t v = 0; v < vectors(); ++v)
        result.push_back(
            e.mulf(e.load(sizes[v], a.buffers.out, {at, channelOf(v)}), e.splat(sizes[v], keep)));
    }
    return result;
  }

  void add(Value row, int64_t rows) const {
    const Emitter &e = a.e;
    auto values = [&](Value k, int64_t v) -> Value {
      if (a.shape.widensValues())
        return e.load(sizes[v], a.buffers.widened, widened(k, v));
      if (!a.shape.wide && v == 0)
        fetchAhead(k);
      return value(k, v);
    };
    Values sums = multiplyTile(a, block.valid, a.buffers.scores, row, rows, vectors(),
                               kept(row, rows), values);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t v = 0; v < vectors(); ++v)
        e.store(sums[r * vectors() + v], a.buffers.out, {e.add(row, r), channelOf(v)});
  }

  void run() const {
    if (a.shape.widensValues())
      widen();
    forRowTiles(a, item.rows, a.shape.tileRows, [&](Value row, int64_t rows) { add(row, rows); });
  }
};

/// Vectors that make `channels`, the last ones in smaller powers of two.
SmallVector<int64_t> cut(int64_t channels, int64_t lanes) {
  SmallVector<int64_t> sizes;
  for (; channels > 0; channels -= sizes.back()) {
    while (lanes > channels)
      lanes /= 2;
    sizes.push_back(lanes);
  }
  return sizes;
}

} // namespace

void addValues(const Attention &a, const AttentionItem &item, const PositionBlock &block) {
  const Emitter &e = a.e;
  int64_t width = a.shape.tileVectors * a.shape.lanes, whole = a.shape.headDim / width * width;
  if (whole > 0)
    e.loop(e.index(0), e.index(whole), width,
           [&](Value channel) { Strip{a, item, block, channel, cut(width, a.shape.lanes)}.run(); });
  SmallVector<int64_t> rest = cut(a.shape.headDim - whole, a.shape.lanes);
  for (ArrayRef<int64_t> left = rest; !left.empty();) {
    ArrayRef<int64_t> some = left.take_front(a.shape.tileVectors);
    Strip strip{a, item, block, e.index(whole), SmallVector<int64_t>(some)};
    strip.run();
    whole += strip.start(strip.vectors());
    left = left.drop_front(some.size());
  }
}

} // namespace phidias::vec
