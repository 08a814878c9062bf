// phi.tile_linear for long passes: tiles of 4 panels by 64, 128 or 256 tokens, as many as the pass
// needs.

#include "targets/cuda/LinearMany.h"
#include "targets/cuda/LinearFunction.h"
#include "targets/cuda/LinearManyTile.h"
#include "targets/cuda/LinearWgmma.h"
#include "targets/cuda/Records.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kBlockTokens = 8 * kWarps; ///< a warp has 8 of them
static constexpr int64_t kSizes[] = {kBlockTokens, 2 * kBlockTokens, 4 * kBlockTokens};

/// `values`: the tile's sums, then what the operands carry.
static void emitChunk(const ManyTile &t, const ManyOperands &operands, const ManyChunk &chunk,
                      vec::Values &values) {
  size_t sums = t.kSlots * t.blocks * 4;
  operands.arrive();
  t.e.barrier();
  vec::Values later = operands.advance(chunk, ArrayRef(values).drop_front(sums));
  llvm::copy(later, values.begin() + sums);
  multiplyChunk(t, operands, t.stage(chunk), MutableArrayRef(values).take_front(sums));
}

static void multiplyTile(const ManyTile &t, ManyOperands &operands) {
  const Block &e = t.e;
  e.barrier();
  operands.enter();
  vec::Values first(t.kSlots * t.blocks * 4, e.f32(0));
  size_t sums = first.size();
  llvm::append_range(first, operands.begin());
  auto turn = [&](Value chunk, ValueRange carried) {
    vec::Values values(carried);
    for (int64_t i = 0; i < t.unrolled(); ++i)
      emitChunk(t, operands, {e.add(chunk, i), t.unrolled() == 1 ? std::nullopt : std::optional(i)},
                values);
    return values;
  };
  vec::Values ends = e.loop(e.index(0), e.index(t.chunks()), t.unrolled(), first, turn);
  storeTile(t, operands, ArrayRef(ends).take_front(sums));
}

static std::unique_ptr<ManyOperands> operandsOf(const ManyTile &t) {
  if (isa<phi::QuantizedType>(t.op.getElement()))
    return codeOperands(t);
  return t.op.getElement().isF16() ? f16Operands(t) : bf16Operands(t);
}

/// Finds out for each tile what is to be copied: kept from tile to tile that would take registers
/// of the products, which have too few as it is.
static void emitTile(const Block &block, phi::TileLinearOp op, int64_t blocks, Value number) {
  Block e = block.anew();
  ManyTile t(e, op, blocks);
  t.enter(e.opaque(number));
  auto operands = operandsOf(t);
  multiplyTile(t, *operands);
}

static void emitTiles(const Block &e, phi::TileLinearOp op, int64_t blocks) {
  LinearTiles tiles = ManyTile(e, op, blocks).tiles();
  e.loop(e.opaque(tiles.before(op.getFrom())), e.opaque(tiles.before(op.getTo())), 1,
         [&](Value number) { emitTile(e, op, blocks, number); });
}

void mapManyTokens(phi::TileLinearOp op, OpBuilder &b, const Capability &capability) {
  vec::Emitter e{b, op.getLoc()};
  if (byWgmma(op.getElement(), op.getActivation(), capability))
    return mapManyWgmma(e, op);
  if (!op.getElement().isF32())
    return inSmallestFunction(e, op, kSizes,
                              [&](phi::TileLinearOp own, OpBuilder &b, int64_t tokens) {
                                emitTiles(Block(b, e.loc), own, tokens / kBlockTokens);
                              });
  inFunction(e, op, kSizes[2],
             [&](phi::TileLinearOp own, OpBuilder &b) { mapManyPlain(Block(b, e.loc), own); });
}

} // namespace phidias::cuda
