// scores[row][position] = query . key for i8 keys, 32 channels at a time in integers: the unsigned
// key code is k + 128, so that sum(q * k) = sum(q * code) - 128 * sum(q); the last term is the seed
// of the sum. Where the machine multiplies signed codes it is k itself, and the seed 0.

#include "Attention.h"

using namespace mlir;

namespace phidias::vec {
namespace {

struct Strip {
  const Attention &a;
  const AttentionItem &item;
  Value strip;
  SmallVector<KeyVector> vectors;

  /// Codes of 4 channels for each lane.
  Value codes(Value word, int64_t v) const {
    const Emitter &e = a.e;
    Value at = e.mul(vectors[v].position, 4);
    if (!a.shape.wide) // the same of the next block
      e.prefetch(item.region.keys, {e.add(vectors[v].panel, kAhead / kPanel), word, at});
    Value codes = e.load(4 * a.shape.lanes, item.region.keys, {vectors[v].panel, word, at});
    if (!a.shape.signedCodes)
      return codes;
    Value top = e.splat(4 * a.shape.lanes, arith::ConstantIntOp::create(e.b, e.loc, -128, 8));
    return arith::XOrIOp::create(e.b, e.loc, codes, top);
  }

  /// Channels 4j .. 4j + 3 of a row's group, for each lane.
  Value query(Value row, Value group, int64_t j) const {
    Value first = a.e.mul(group, kGroup / 4);
    return a.e.recast(factor(a, a.buffers.queryWords, row, first, j, a.shape.lanes),
                      4 * a.shape.lanes, a.e.b.getI8Type());
  }

  Value seed(Value row, Value group) const {
    const Emitter &e = a.e;
    Value words = a.shape.signedCodes ? e.i32(0) : e.loadOne(a.buffers.seeds, {row, group});
    return e.splat(a.shape.lanes, words);
  }

  /// Integer products of group `group`, [rows][vectors].
  Values dots(Value row, int64_t rows, Value group) const {
    const Emitter &e = a.e;
    int64_t vectors = a.shape.dotVectors;
    Values sums;
    for (int64_t r = 0; r < rows; ++r)
      sums.append(vectors, seed(e.add(row, r), group));
    for (int64_t j = 0; j < kGroup / 4; ++j) {
      Value word = e.add(e.mul(group, kGroup / 4), j);
      Values keys;
      for (int64_t v = 0; v < vectors; ++v)
        keys.push_back(codes(word, v));
      for (int64_t r = 0; r < rows; ++r) {
        Value q = query(e.add(row, r), group, j);
        for (int64_t v = 0; v < vectors; ++v)
          sums[r * vectors + v] =
              phi::DotOp::create(e.b, e.loc, sums[r * vectors + v].getType(), sums[r * vectors + v],
                                 keys[v], q, a.shape.signedCodes ? 128 : 255, a.shape.signedCodes);
      }
    }
    return sums;
  }

  Value keyScale(Value group, int64_t v) const {
    const Emitter &e = a.e;
    return e.toF32(e.load(a.shape.lanes, item.region.keyScales,
                          {vectors[v].panel, group, vectors[v].position}));
  }

  /// sums + dots * scale of the key * scale of the query.
  Values addGroup(Value row, int64_t rows, Value group, ValueRange sums) const {
    const Emitter &e = a.e;
    int64_t vectors = a.shape.dotVectors, lanes = a.shape.lanes;
    Values products = dots(row, rows, group), scales, next;
    for (int64_t v = 0; v < vectors; ++v)
      scales.push_back(keyScale(group, v));
    for (int64_t r = 0; r < rows; ++r) {
      Value scale = e.splat(lanes, e.loadOne(a.buffers.queryScales, {e.add(row, r), group}));
      for (int64_t v = 0; v < vectors; ++v) {
        int64_t i = r * vectors + v;
        Value product = arith::SIToFPOp::create(e.b, e.loc, e.floats(lanes), products[i]);
        next.push_back(e.fma(e.mulf(product, scales[v]), scale, sums[i]));
      }
    }
    return next;
  }

  void score(Value row, int64_t rows) const {
    const Emitter &e = a.e;
    int64_t vectors = a.shape.dotVectors, lanes = a.shape.lanes;
    Values sums =
        e.loop(e.index(0), e.index(a.shape.groups()), 1, Values(rows * vectors, e.zeros(lanes)),
               [&](Value group, ValueRange sums) { return addGroup(row, rows, group, sums); });
    Value start = e.mul(strip, vectors * lanes);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t v = 0; v < vectors; ++v)
        e.store(sums[r * vectors + v], a.buffers.scores, {e.add(row, r), e.add(start, v * lanes)});
  }
};

/// Asks for the scales of the next block: too few lines for the machine to see a stream in them.
void fetchScales(const Attention &a, const PositionBlock &block, const CacheRegion &region) {
  const Emitter &e = a.e;
  int64_t groups = a.shape.groups();
  Value next = e.add(block.start, kAhead), panel = e.div(next, kPanel);
  for (int64_t p = 0; p < kPositions / kPanel; ++p)
    for (int64_t group = 0; group < groups; group += 2)
      e.prefetch(region.keyScales, {e.add(panel, p), e.index(group), e.index(0)});
  for (int64_t scale = 0; scale < kPositions * groups; scale += 32)
    e.prefetch(region.valueScales, e.add(e.mul(next, groups), scale));
}

} // namespace

void scorePositionsI8(const Attention &a, const AttentionItem &item, const PositionBlock &block) {
  const Emitter &e = a.e;
  int64_t vectors = a.shape.dotVectors;
  if (!a.shape.wide)
    fetchScales(a, block, item.region);
  e.loop(e.index(0), e.ceilDiv(block.valid, vectors * a.shape.lanes), 1, [&](Value i) {
    Strip strip{a, item, i, keyVectors(a, item, block, i, vectors)};
    forRowTiles(a, item.rows, a.shape.dotRows,
                [&](Value row, int64_t rows) { strip.score(row, rows); });
  });
}

} // namespace phidias::vec
