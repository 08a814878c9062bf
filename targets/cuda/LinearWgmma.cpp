// phi.tile_linear for long passes on sm_90.

#include "targets/cuda/LinearWgmma.h"
#include "targets/cuda/LinearFunction.h"

using namespace mlir;

namespace phidias::cuda {

/// Tokens. 192 are 96 sums a thread; with 256 the kernel has not the registers for products under
/// way.
static constexpr int64_t kSizes[] = {64, 192};

/// These products, begun.
static vec::Values multiplyHalf(const WgmmaTile &t, Value stage, int64_t half, ValueRange weights,
                                ValueRange acc) {
  const Block &e = t.e;
  vec::Values sums(acc);
  fenceRegisters(e);
  for (int64_t i = 0; i < kProducts / 2; ++i) {
    Value tokens = describeTiles(e, e.add(stage, 32 * (half * kProducts / 2 + i)));
    sums = multiplyGroup(e, t.element(), weights.slice(4 * i, 4), tokens, sums);
  }
  commitProducts(e);
  return sums;
}

/// What the loop over a tile's chunks has of it.
struct Turn {
  const WgmmaTile &t;
  WgmmaWeights &weights;
  Value firstChunk;
  WgmmaSource own, next; ///< of this tile, and of the one after

  /// The copy that a stage is empty for once chunk i - 1 has been left.
  void copyAhead(Value i) const {
    const Block &e = t.e;
    Value ahead = e.add(i, t.stages() - 1), chunk = e.add(firstChunk, ahead);
    if (t.chunks() < t.stages() - 1) // several tiles ahead
      return copyChunk(t, chunk, sourceOf(t, e.div(chunk, t.chunks())), e.rem(chunk, t.chunks()));
    Value isOwn = e.less(ahead, e.index(t.chunks()));
    auto choose = [&](Value x, Value y) -> Value {
      return arith::SelectOp::create(e.b, e.loc, isOwn, x, y);
    };
    copyChunk(t, chunk, {choose(own.panel, next.panel), choose(own.tokens, next.tokens)},
              choose(ahead, e.sub(ahead, e.index(t.chunks()))));
  }

  /// Until chunk i is there, or the last one.
  void await(Value i) const {
    const Block &e = t.e;
    Value chunk = e.add(firstChunk, e.min(i, e.index(t.chunks() - 1)));
    waitFor(e, t.full(chunk), t.parity(chunk));
  }

  /// carried: the sums, and what the weights carry. When one half's products are done, A of the
  /// next one is loaded under those of the other. No products are under way from one turn to the
  /// next: ptxas would keep the registers of their A from the start of the kernel on, as in the
  /// first turn there are none.
  vec::Values run(Value i, ValueRange carried) const {
    const Block &e = t.e;
    Value chunk = e.add(firstChunk, i), stage = t.stage(chunk);
    ValueRange acc = carried.take_front(t.tokens / 2), own = carried.drop_front(t.tokens / 2);
    vec::Values sums = multiplyHalf(t, stage, 0, own.take_front(kHalfWords), acc);
    sums = multiplyHalf(t, stage, 1, weights.second(i, own), sums);
    copyAhead(i);
    waitProducts(e, 1);
    await(e.add(i, 1));
    llvm::append_range(sums, weights.following(i, own));
    waitProducts(e, 0);
    leaveChunk(t, chunk);
    return sums;
  }
};

static vec::Values multiplyTile(const WgmmaTile &t, Value tile) {
  const Block &e = t.e;
  auto weights = t.copiesPanels() ? sharedWeights(t) : codeWeights(t);
  Value firstChunk = e.mul(tile, t.chunks());
  Turn turn{t, *weights, firstChunk, sourceOf(t, tile), sourceOf(t, e.add(tile, 1))};
  weights->enter(tile);
  turn.await(e.index(0));
  vec::Values acc(t.tokens / 2, e.f32(0));
  llvm::append_range(acc, weights->begin());
  acc = e.loop(e.index(0), e.index(t.chunks()), 1, acc,
               [&](Value i, ValueRange carried) { return turn.run(i, carried); });
  acc.resize(t.tokens / 2);
  return acc;
}

/// What follows from the thread's number is made anew by each of the two steps: over the other's
/// work it would take registers, and more predicates than there are.
static void emitTile(const WgmmaTile &t, Value tile) {
  Block block = t.e.anew();
  WgmmaTile own(block, t.op, t.tokens);
  vec::Values acc = multiplyTile(own, block.opaque(tile));
  Block last = t.e.anew();
  storeTile(WgmmaTile(last, t.op, t.tokens), last.opaque(tile), acc);
}

static void emitTiles(const Block &e, phi::TileLinearOp op, int64_t tokens) {
  WgmmaTile t(e, op, tokens);
  e.reserve(t.sharedBytes());
  openRing(t);
  for (int64_t chunk = 0; chunk < t.stages() - 1; ++chunk)
    copyChunk(t, e.index(chunk), sourceOf(t, e.index(chunk / t.chunks())),
              e.index(chunk % t.chunks()));
  e.loop(e.index(0), t.tiles, 1, [&](Value tile) { emitTile(t, tile); });
  closeRing(t);
}

void mapManyWgmma(const vec::Emitter &e, phi::TileLinearOp op) {
  inSmallestFunction(e, op, kSizes, [&](phi::TileLinearOp own, OpBuilder &b, int64_t tokens) {
    emitTiles(Block(b, e.loc), own, tokens);
  });
}

} // namespace phidias::cuda
