// The attention stage, and what puts keys and values where it reads them.

#include "Stage.h"
#include "phidias/Vectorize/Scratch.h"
#include "phidias/Vectorize/VectorTarget.h"

using namespace mlir;

namespace phidias::tile {

void tileAppend(phi::RopeOp rope, phi::CacheAppendOp append, Value rows, const lower::Lowering &l,
                Plan &plan) {
  Location loc = append.getLoc();
  phi::CacheType cache = append.getCache().getType();
  plan.needScratch(appendScratchBytes(rope.getShortFrequencies().getNumElements()));
  Value heads = lower::constantIndex(l.builder, loc, cache.getKvHeads());
  Value items = lower::mul(l.builder, loc, l.env.count, heads);
  // A piece computes the sines of each token that it has a head of.
  Grain wholeTokens{.most = l.env.count};
  parallel(l, loc, items, wholeTokens, [&](OpBuilder &b, Share share) {
    phi::TileAppendOp::create(
        b, loc, rows, l.env.cache, l.env.scratch, l.of(append.getLayer()),
        l.of(append.getPosition()), l.of(rope.getUseLong()), l.env.capacity, share.from, share.to,
        b.getI64IntegerAttr(rope.getHeads() - cache.getKvHeads()), rope.getShortFrequenciesAttr(),
        rope.getLongFrequenciesAttr(), rope.getScaleAttr(), TypeAttr::get(cache));
  });
}

/// The region for passes of at most `tokens` a block.
static void attend(phi::AttentionOp op, Value result, int64_t tokens, const lower::Lowering &l,
                   Plan &plan) {
  Location loc = op.getLoc();
  phi::CacheType cache = op.getCache().getType();
  VectorTarget target = VectorTarget::of(plan.machine);
  plan.needScratch(attentionScratchBytes(cache, op.getHeads(), tokens, target));
  OpBuilder &b = l.builder;
  Value blocks =
      arith::CeilDivUIOp::create(b, loc, l.env.count, lower::constantIndex(b, loc, tokens));
  Value items = lower::mul(b, loc, blocks, lower::constantIndex(b, loc, cache.getKvHeads()));
  parallel(l, loc, items, {}, [&](OpBuilder &inner, Share share) {
    phi::TileAttentionOp::create(inner, loc, l.of(op.getQkv()), l.env.cache, result, l.env.scratch,
                                 l.of(op.getLayer()), l.of(op.getPosition()), l.env.count,
                                 l.env.capacity, share.from, share.to, /*splits=*/Value(),
                                 /*partials=*/Value(), op.getHeadsAttr(),
                                 inner.getI64IntegerAttr(tokens), op.getScaleAttr(),
                                 op.getWindowAttr(), TypeAttr::get(cache));
  });
}

LogicalResult tileAttention(phi::StageOp stage, const lower::Lowering &l, Plan &plan) {
  auto op = find<phi::AttentionOp>(stage);
  Location loc = op.getLoc();
  Value result = l.lowered[stage.getResult(0)] = l.place(stage);
  OpBuilder &b = l.builder;
  Value one = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, l.env.count,
                                    lower::constantIndex(b, loc, 1));
  auto branch = scf::IfOp::create(b, loc, one, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  attend(op, result, 1, l, plan);
  b.setInsertionPointToStart(branch.elseBlock());
  attend(op, result, attentionTokens(op.getHeads(), op.getCache().getType().getKvHeads()), l, plan);
  return success();
}

} // namespace phidias::tile
