// The stages, and the copies that fill them.

#include "targets/cuda/LinearWgmma.h"
#include "targets/cuda/SharedMemory.h"
#include "targets/cuda/WideRow.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kSharedBytes = (227 << 10) - kCounterBytes, kBarrierBytes = 8;
static constexpr int64_t kAlignment = 1024;

WgmmaTile::WgmmaTile(const Block &e, phi::TileLinearOp op, int64_t tokens)
    : e(e), op(op), tokens(tokens), step(phi::stepLayout(op.getElement())),
      acts(recordLayout(op.getElement(), op.getActivation(), op.getColumns())),
      steps(llvm::divideCeil(op.getColumns(), phi::kStepColumns)) {
  first = all().before(op.getFrom());
  tiles = e.sub(all().before(op.getTo()), first);
}

Type WgmmaTile::element() const {
  return op.getActivation().isBF16() ? op.getActivation() : Type(e.b.getF16Type());
}

int64_t WgmmaTile::stageBytes() const {
  return llvm::alignTo(tokenBytes() + (copiesPanels() ? kPanels * panelApart() : 0), kAlignment);
}

int64_t WgmmaTile::stages() const {
  int64_t most = kSharedBytes / (stageBytes() + 2 * kBarrierBytes);
  return std::min<int64_t>(8, llvm::bit_floor(static_cast<uint64_t>(most)));
}

Value WgmmaTile::stage(Value chunk) const { return e.mul(e.rem(chunk, stages()), stageBytes()); }

Value WgmmaTile::full(Value chunk) const {
  return e.add(e.mul(e.rem(chunk, stages()), kBarrierBytes), barriersAt());
}

Value WgmmaTile::empty(Value chunk) const { return e.add(full(chunk), stages() * kBarrierBytes); }

Value WgmmaTile::parity(Value chunk) const {
  Value round = e.rem(e.div(chunk, stages()), 2);
  return arith::IndexCastOp::create(e.b, e.loc, e.b.getI32Type(), round);
}

Value WgmmaTile::firstPanel(Value tile) const { return all().panel(e.add(first, tile)); }

Value WgmmaTile::firstToken(Value tile) const { return all().token(e.add(first, tile)); }

static Value isFirst(const Block &e, Value number) {
  return arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq, number, e.index(0));
}

void openRing(const WgmmaTile &t) {
  const Block &e = t.e;
  fenceAsync(e); // of what the op before left in shared memory, and of records in global memory
  e.barrier();
  e.when(isFirst(e, e.thread), [&] {
    for (int64_t i = 0; i < t.stages(); ++i) {
      initBarrier(e, t.full(e.index(i)), 1);
      initBarrier(e, t.empty(e.index(i)), kWarps);
    }
    fenceAsync(e);
  });
  e.barrier();
}

void closeRing(const WgmmaTile &t) {
  const Block &e = t.e;
  e.barrier();
  e.when(isFirst(e, e.thread), [&] {
    for (int64_t i = 0; i < 2 * t.stages(); ++i)
      endBarrier(e, e.index(t.barriersAt() + i * kBarrierBytes));
  });
}

/// Where the panel in `slot` starts in the weights; a tile that goes beyond the last repeats it.
static Value panelStart(const WgmmaTile &t, Value tile, Value slot) {
  const Block &e = t.e;
  Value own = t.op.getGated() ? e.rem(slot, t.results()) : slot;
  own = e.min(e.add(t.firstPanel(tile), own), e.index(t.panels() - 1));
  if (t.op.getGated())
    own = e.add(own, e.mul(e.div(slot, t.results()), t.panels()));
  return e.add(t.op.getOffset(), e.mul(own, t.steps * t.step.bytes));
}

/// A lane has half of a panel, and eight tokens; those beyond the pass repeat its last ones,
/// nothing comes of them.
WgmmaSource sourceOf(const WgmmaTile &t, Value tile) {
  const Block &e = t.e;
  Value slot = e.rem(e.div(e.lane, 2), WgmmaTile::kPanels), half = e.rem(e.lane, 2);
  Value own = e.add(e.div(t.firstToken(tile), kTileTokens), e.lane);
  Value last = e.div(e.sub(t.op.getCount(), e.index(1)), kTileTokens);
  return {e.add(panelStart(t, tile, slot), e.mul(half, WgmmaTile::kHalfBytes)),
          e.mul(e.min(own, last), kTileTokens * t.acts.bytes)};
}

/// The first `lanes` lanes.
static void some(const WgmmaTile &t, int64_t lanes, function_ref<void()> body) {
  if (lanes == kWarpThreads)
    return body();
  t.e.when(t.e.less(t.e.lane, t.e.index(lanes)), body);
}

static void copyPieces(const WgmmaTile &t, Value chunk, const WgmmaSource &source, Value step) {
  const Block &e = t.e;
  Value stage = t.stage(chunk), full = t.full(chunk);
  some(t, t.tokens / kTileTokens, [&] {
    copyBulk(e, t.op.getActivations(), e.add(source.tokens, e.mul(step, kTileBytes)),
             e.add(stage, e.mul(e.lane, kTileBytes)), kTileBytes, full);
  });
  if (!t.copiesPanels())
    return;
  some(t, 2 * WgmmaTile::kPanels, [&] {
    Value panel = e.mul(e.div(step, t.acts.wideParts), t.step.bytes);
    Value slot = e.mul(e.div(e.lane, 2), t.panelApart());
    Value to = e.add(e.add(stage, slot), e.mul(e.rem(e.lane, 2), t.halfApart()));
    copyBulk(e, t.op.getWeights(), e.add(source.panel, panel), e.add(to, t.tokenBytes()),
             WgmmaTile::kHalfBytes, full);
  });
}

void copyChunk(const WgmmaTile &t, Value chunk, const WgmmaSource &source, Value step) {
  const Block &e = t.e;
  Value isThere = e.less(chunk, e.mul(t.tiles, t.chunks()));
  Value does = arith::AndIOp::create(e.b, e.loc, isThere, isFirst(e, e.warp));
  e.when(does, [&] {
    // Of the phase before: before the first one all stages are empty.
    Value before = arith::XOrIOp::create(e.b, e.loc, t.parity(chunk), e.i32(1));
    waitFor(e, t.empty(chunk), before);
    e.when(isFirst(e, e.lane), [&] { arriveExpecting(e, t.full(chunk), t.copiedBytes()); });
    copyPieces(t, chunk, source, step);
  });
}

void leaveChunk(const WgmmaTile &t, Value chunk) {
  const Block &e = t.e;
  e.warpBarrier();
  e.when(isFirst(e, e.lane), [&] { arrive(e, t.empty(chunk)); });
}

} // namespace phidias::cuda
