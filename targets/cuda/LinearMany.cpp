// phi.tile_linear for long passes: tiles of 4 panels by 64, 128 or 256 tokens, as many as the pass
// needs.

#include "targets/cuda/LinearMany.h"
#include "targets/cuda/LinearManyTile.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kMostBlocks = 4; ///< of 8 tokens of a warp

static void emitPanels(const ManyTile &t, ManyOperands &operands) {
  const Block &e = t.e;
  vec::Values carried = operands.begin();
  size_t sums = ManyTile::kSlots * t.blocks * 4;
  carried.insert(carried.begin(), sums, e.f32(0));
  carried = e.loop(e.index(0), e.index(t.steps), 1, carried, [&](Value chunk, ValueRange all) {
    vec::Values next(all.take_front(sums));
    operands.arrive();
    e.barrier();
    vec::Values later = operands.advance(chunk, all.drop_front(sums));
    multiplyChunk(t, operands, operands.stage(chunk), next);
    llvm::append_range(next, later);
    return next;
  });
  storeTile(t, operands, ArrayRef(carried).take_front(sums));
}

/// Tiles of the tokens one after the other; those of the panels inside, so that what is known of
/// the tokens stays known.
static void emitTiles(const Block &e, phi::TileLinearOp op, int64_t blocks) {
  ManyTile t(e, op, blocks);
  auto operands = op.getActivation().isBF16() ? bf16Operands(t) : codeOperands(t);
  e.loop(e.index(0), op.getCount(), t.tokens(), [&](Value token) {
    t.token = token;
    e.barrier();
    operands->enterTokens();
    e.loop(op.getFrom(), op.getTo(), t.results(), [&](Value panel) {
      t.panel = panel;
      operands->enterPanels();
      emitPanels(t, *operands);
      e.barrier();
    });
  });
}

/// The smallest tile that has all tokens, or the largest.
static void chooseTile(const Block &e, phi::TileLinearOp op, int64_t blocks) {
  if (blocks == kMostBlocks)
    return emitTiles(e, op, blocks);
  Value fits = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::ule, op.getCount(),
                                     e.index(blocks * 8 * kWarps));
  e.either(fits, [&] { emitTiles(e, op, blocks); }, [&] { chooseTile(e, op, 2 * blocks); });
}

void mapManyTokens(phi::TileLinearOp op, OpBuilder &b) {
  Block e(b, op.getLoc());
  if (op.getActivation().isF32())
    return mapManyPlain(e, op);
  chooseTile(e, op, 1);
}

} // namespace phidias::cuda
