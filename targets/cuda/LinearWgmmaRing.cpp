// The stages, and the copies that fill them.

#include "targets/cuda/LinearWgmma.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kSharedBytes = 227 << 10, kBarrierBytes = 8, kAlignment = 1024;

WgmmaTile::WgmmaTile(const Block &e, phi::TileLinearOp op, int64_t tokens)
    : e(e), op(op), tokens(tokens), step(phi::stepLayout(op.getElement())),
      acts(phi::activationLayout(op.getElement(), op.getActivation(), op.getColumns())),
      steps(llvm::divideCeil(op.getColumns(), phi::kStepColumns)) {
  panelTiles = e.ceilDiv(e.sub(op.getTo(), op.getFrom()), results());
  tiles = e.mul(panelTiles, e.ceilDiv(op.getCount(), tokens));
}

int64_t WgmmaTile::stageBytes() const {
  return llvm::alignTo(tokenBytes() + kPanels * kPanelApart, kAlignment);
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

Value WgmmaTile::firstPanel(Value tile) const {
  Value number = arith::RemUIOp::create(e.b, e.loc, tile, panelTiles);
  return e.add(op.getFrom(), e.mul(number, results()));
}

Value WgmmaTile::firstToken(Value tile) const {
  return e.mul(arith::DivUIOp::create(e.b, e.loc, tile, panelTiles), tokens);
}

static Value isFirst(const Block &e, Value number) {
  return arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq, number, e.index(0));
}

void openRing(const WgmmaTile &t) {
  const Block &e = t.e;
  fenceAsync(e); // of what the op before left in shared memory
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

/// Where the panel in `slot` starts in the weights; a tile that goes beyond the share repeats its
/// last panel.
static Value panelStart(const WgmmaTile &t, Value tile, Value slot) {
  const Block &e = t.e;
  Value last = e.sub(t.op.getTo(), e.index(1));
  Value own = t.op.getGated() ? e.rem(slot, t.results()) : slot;
  own = e.min(e.add(t.firstPanel(tile), own), last);
  if (t.op.getGated())
    own = e.add(own, e.mul(e.div(slot, t.results()), t.op.getRows() / 2 / phi::kPanelRows));
  return e.add(t.op.getOffset(), e.mul(own, t.steps * t.step.bytes));
}

/// A lane has half of a panel.
static void copyPanels(const WgmmaTile &t, Value chunk, Value tile, Value step) {
  const Block &e = t.e;
  e.when(e.less(e.lane, e.index(2 * WgmmaTile::kPanels)), [&] {
    Value slot = e.div(e.lane, 2), half = e.rem(e.lane, 2);
    Value from = e.add(e.add(panelStart(t, tile, slot), e.mul(step, t.step.bytes)),
                       e.mul(half, WgmmaTile::kHalfBytes));
    Value to = e.add(e.mul(slot, WgmmaTile::kPanelApart), e.mul(half, WgmmaTile::kHalfApart));
    copyBulk(e, t.op.getWeights(), from, e.add(e.add(t.stage(chunk), to), t.tokenBytes()),
             WgmmaTile::kHalfBytes, t.full(chunk));
  });
}

/// A lane has eight tokens; those beyond the pass repeat its last ones, nothing comes of them.
static void copyTokens(const WgmmaTile &t, Value chunk, Value tile, Value step) {
  const Block &e = t.e;
  int64_t groups = t.tokens / kTileTokens;
  auto copy = [&] {
    Value own = e.add(e.div(t.firstToken(tile), kTileTokens), e.lane);
    Value last = e.div(e.sub(t.op.getCount(), e.index(1)), kTileTokens);
    Value from =
        e.add(e.mul(e.min(own, last), kTileTokens * t.acts.bytes), e.mul(step, kTileBytes));
    copyBulk(e, t.op.getActivations(), from, e.add(t.stage(chunk), e.mul(e.lane, kTileBytes)),
             kTileBytes, t.full(chunk));
  };
  if (groups == kWarpThreads)
    copy();
  else
    e.when(e.less(e.lane, e.index(groups)), copy);
}

void copyChunk(const WgmmaTile &t, Value chunk) {
  const Block &e = t.e;
  Value isThere = e.less(chunk, e.mul(t.tiles, t.steps));
  Value does = arith::AndIOp::create(e.b, e.loc, isThere, isFirst(e, e.warp));
  e.when(does, [&] {
    Value tile = e.div(chunk, t.steps), step = e.rem(chunk, t.steps);
    // Of the phase before: before the first one all stages are empty.
    Value before = arith::XOrIOp::create(e.b, e.loc, t.parity(chunk), e.i32(1));
    waitFor(e, t.empty(chunk), before);
    e.when(isFirst(e, e.lane), [&] { arriveExpecting(e, t.full(chunk), t.copiedBytes()); });
    copyTokens(t, chunk, tile, step);
    copyPanels(t, chunk, tile, step);
  });
}

void leaveChunk(const WgmmaTile &t, Value chunk) {
  const Block &e = t.e;
  e.warpBarrier();
  e.when(isFirst(e, e.lane), [&] { arrive(e, t.empty(chunk)); });
}

} // namespace phidias::cuda
