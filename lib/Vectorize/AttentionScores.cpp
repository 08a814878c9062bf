// scores[row][position] = query . key for f32 and f16 keys: lanes are positions, a channel of the
// query is broadcast.

#include "Attention.h"

using namespace mlir;

namespace phidias::vec {
namespace {

struct Strip {
  const Attention &a;
  const AttentionItem &item;
  const PositionBlock &block;
  Value strip;
  SmallVector<KeyVector> vectors;

  Value key(Value channel, int64_t v) const {
    return a.e.load(a.shape.lanes, item.region.keys,
                    {vectors[v].panel, channel, vectors[v].position});
  }

  /// The strip's keys to the scratch, [vector][channel][lane].
  void widen() const {
    const Emitter &e = a.e;
    e.loop(e.index(0), e.index(a.shape.headDim), 1, [&](Value c) {
      for (int64_t v = 0; v < a.shape.tileVectors; ++v)
        e.store(e.toF32(key(c, v)), a.buffers.widened, widened(c, v));
    });
  }

  Value widened(Value channel, int64_t v) const {
    return a.e.mul(a.e.add(channel, v * a.shape.headDim), a.shape.lanes);
  }

  /// Asks for the same vector of the next block of positions.
  void fetchAhead(Value channel, int64_t v) const {
    Value panel = a.e.add(vectors[v].panel, kAhead / kPanel);
    a.e.prefetch(item.region.keys, {panel, channel, vectors[v].position});
  }

  void score(Value row, int64_t rows) const {
    const Emitter &e = a.e;
    int64_t vectors = a.shape.tileVectors, lanes = a.shape.lanes;
    auto keys = [&](Value c, int64_t v) -> Value {
      if (a.shape.widensKeys())
        return e.load(lanes, a.buffers.widened, widened(c, v));
      if (!a.shape.wide)
        fetchAhead(c, v);
      return e.toF32(key(c, v));
    };
    Values sums = multiplyTile(a, e.index(a.shape.headDim), a.buffers.queries, row, rows, vectors,
                               Values(rows * vectors, e.zeros(lanes)), keys);
    Value start = e.mul(strip, vectors * lanes);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t v = 0; v < vectors; ++v)
        e.store(sums[r * vectors + v], a.buffers.scores, {e.add(row, r), e.add(start, v * lanes)});
  }
};

} // namespace

void scorePositions(const Attention &a, const AttentionItem &item, const PositionBlock &block) {
  const Emitter &e = a.e;
  int64_t vectors = a.shape.tileVectors;
  Value strips = e.ceilDiv(block.valid, vectors * a.shape.lanes);
  e.loop(e.index(0), strips, 1, [&](Value i) {
    Strip strip{a, item, block, i, keyVectors(a, item, block, i, vectors)};
    if (a.shape.widensKeys())
      strip.widen();
    forRowTiles(a, item.rows, a.shape.tileRows,
                [&](Value row, int64_t rows) { strip.score(row, rows); });
  });
}

} // namespace phidias::vec
