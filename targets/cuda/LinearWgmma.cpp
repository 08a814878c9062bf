// phi.tile_linear for long passes of bf16 and f16 on sm_90.

#include "targets/cuda/LinearWgmma.h"
#include "targets/cuda/LinearFunction.h"
#include "targets/cuda/TensorCore.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kProducts = kTileColumns / 16; ///< of a chunk
static constexpr int64_t kColumnBytes = 2 * phi::kPanelRows;
/// Tokens. 192 are 96 sums a thread; with 256 the kernel has not the registers for products under
/// way.
static constexpr int64_t kSizes[] = {64, 192};

/// Where the lane's words of bf16 start in a stage, of rows g and g + 8 of A.
static std::pair<Value, Value> wordsOf(const WgmmaTile &t) {
  const Block &e = t.e;
  Value g = e.div(e.lane, 4), third = e.rem(e.lane, 4);
  Value lines =
      e.add(e.mul(e.div(third, 2), t.halfApart()), e.mul(e.rem(third, 2), phi::kLineBytes));
  if (!t.op.getGated()) {
    Value own = e.add(e.add(lines, e.mul(g, 8)), e.mul(e.warp, t.panelApart()));
    return {own, e.add(own, 4)};
  }
  Value rows = e.add(e.mul(e.rem(e.warp, 2), phi::kLineBytes / 2), e.mul(g, 4));
  Value own = e.add(e.add(lines, rows), e.mul(e.div(e.warp, 2), t.panelApart()));
  return {own, e.add(own, t.results() * t.panelApart())};
}

/// `type` at byte `at`, plus a constant, of shared memory.
static Value loadShared(const WgmmaTile &t, Type type, Value at, int64_t offset) {
  Value all = t.e.shared(0, t.sharedBytes(), t.e.b.getI8Type());
  auto space = cast<MemRefType>(all.getType()).getMemorySpace();
  int64_t bytes = type.isInteger(32) ? 4 : 8;
  auto words = MemRefType::get(t.stageBytes() / bytes, type, MemRefLayoutAttrInterface(), space);
  return t.e.loadOne(t.e.view(all, at, words), t.e.index(offset / bytes));
}

/// The same of f16, by ldmatrix: eight columns, four of each half of the chunk, of eight rows; of
/// eight other rows; then of the next eight columns.
static vec::Values columnsOf(const WgmmaTile &t, Value stage, int64_t i) {
  const Block &e = t.e;
  Value matrix = e.div(e.lane, 8), inMatrix = e.rem(e.lane, 8), below = e.rem(matrix, 2);
  Value column = e.add(e.mul(e.div(matrix, 2), 4), e.rem(inMatrix, 4));
  Value own = e.add(e.mul(e.div(inMatrix, 4), t.halfApart()), e.mul(column, kColumnBytes));
  Value eight = t.op.getGated() ? e.rem(e.warp, 2) : below, panel = e.warp;
  if (t.op.getGated())
    panel = e.add(e.div(e.warp, 2), e.mul(below, t.results()));
  own = e.add(own, e.add(e.mul(eight, kColumnBytes / 2), e.mul(panel, t.panelApart())));
  return loadMatrices(e, e.add(stage, own), t.tokenBytes() + 8 * i * kColumnBytes,
                      /*transposed=*/true);
}

/// A of the i-th product of a chunk: rows g and g + 8 of columns 2t, then of 2t + 8.
static vec::Values weightsOf(const WgmmaTile &t, Value stage, int64_t i) {
  const Block &e = t.e;
  if (t.element().isF16())
    return columnsOf(t, stage, i);
  auto [low, high] = wordsOf(t);
  Type word = e.b.getI32Type();
  vec::Values a;
  for (int64_t h = 0; h < 2; ++h) {
    int64_t line = t.tokenBytes() + (4 * i + 2 * h) * phi::kLineBytes;
    if (t.op.getGated()) {
      a.push_back(loadShared(t, word, e.add(stage, low), line));
      a.push_back(loadShared(t, word, e.add(stage, high), line));
      continue;
    }
    Value both = loadShared(t, e.vector(2, word), e.add(stage, low), line);
    for (int64_t row = 0; row < 2; ++row)
      a.push_back(vector::ExtractOp::create(e.b, e.loc, both, row));
  }
  return a;
}

/// A of half of a chunk's products.
static vec::Values halfOf(const WgmmaTile &t, Value stage, int64_t half) {
  vec::Values weights;
  for (int64_t i = 0; i < kProducts / 2; ++i)
    llvm::append_range(weights, weightsOf(t, stage, half * kProducts / 2 + i));
  return weights;
}

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

  /// The first half of chunk i, or of the last one.
  vec::Values load(Value i) const {
    const Block &e = t.e;
    Value chunk = e.add(firstChunk, e.min(i, e.index(t.chunks() - 1)));
    waitFor(e, t.full(chunk), t.parity(chunk));
    return halfOf(t, t.stage(chunk), 0);
  }

  /// carried: the sums, and A of the chunk's first half. When one half's products are done, A of
  /// the next one is loaded under those of the other. No products are under way from one turn to
  /// the next: ptxas would keep the registers of their A from the start of the kernel on, as in the
  /// first turn there are none.
  vec::Values run(Value i, ValueRange carried) const {
    const Block &e = t.e;
    Value chunk = e.add(firstChunk, i), stage = t.stage(chunk);
    ValueRange first = carried.drop_front(t.tokens / 2);
    vec::Values sums = multiplyHalf(t, stage, 0, first, carried.take_front(t.tokens / 2));
    sums = multiplyHalf(t, stage, 1, halfOf(t, stage, 1), sums);
    copyAhead(i);
    waitProducts(e, 1);
    llvm::append_range(sums, load(e.add(i, 1)));
    waitProducts(e, 0);
    leaveChunk(t, chunk);
    return sums;
  }
};

static void emitTile(const WgmmaTile &t, Value tile) {
  const Block &e = t.e;
  Turn turn{t, e.mul(tile, t.chunks()), sourceOf(t, tile), sourceOf(t, e.add(tile, 1))};
  vec::Values acc(t.tokens / 2, e.f32(0));
  llvm::append_range(acc, turn.load(e.index(0)));
  acc = e.loop(e.index(0), e.index(t.chunks()), 1, acc,
               [&](Value i, ValueRange carried) { return turn.run(i, carried); });
  storeTile(t, tile, ArrayRef(acc).take_front(t.tokens / 2));
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
