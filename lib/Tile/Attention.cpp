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

namespace {

/// The regions for passes whose items are blocks of `tokens`.
struct Attend {
  mutable phi::AttentionOp op; ///< a handle; its accessors are not const
  Value result;
  int64_t tokens;
  const lower::Lowering &l;
  Plan &plan;
  Location loc = op.getLoc();
  phi::CacheType cache = op.getCache().getType();

  Value index(int64_t value) const { return lower::constantIndex(l.builder, loc, value); }
  Value mul(Value x, Value y) const { return lower::mul(l.builder, loc, x, y); }
  Value ceilDiv(Value x, Value y) const { return arith::CeilDivUIOp::create(l.builder, loc, x, y); }

  /// Before they are split.
  Value items() const {
    return mul(ceilDiv(l.env.count, index(tokens)), index(cache.getKvHeads()));
  }

  void attend(Value items, Value splits, Value partials) const {
    parallel(l, loc, items, {}, [&](OpBuilder &b, Share share) {
      phi::TileAttentionOp::create(b, loc, l.of(op.getQkv()), l.env.cache, result, l.env.scratch,
                                   l.of(op.getLayer()), l.of(op.getPosition()), l.env.count,
                                   l.env.capacity, share.from, share.to, splits, partials,
                                   op.getHeadsAttr(), b.getI64IntegerAttr(tokens),
                                   op.getScaleAttr(), op.getWindowAttr(), TypeAttr::get(cache));
    });
  }

  void whole() const {
    VectorTarget target = VectorTarget::of(plan.machine);
    plan.needScratch(attentionScratchBytes(cache, op.getHeads(), tokens, target));
    attend(items(), Value(), Value());
  }

  int64_t most() const { return plan.machine.getAttentionItems(); }

  /// As many parts as make no more than `most` items, but each of a block of positions at least.
  Value splits(Value items) const {
    OpBuilder &b = l.builder;
    Value parts = arith::DivUIOp::create(b, loc, index(most()), items);
    Value seen = lower::add(b, loc, l.of(op.getPosition()), l.env.count);
    if (auto window = op.getWindow()) // of the first of the tokens, and of those after it
      seen = arith::MinUIOp::create(b, loc, seen, index(*window + tokens));
    Value blocks = ceilDiv(seen, index(kAttentionBlock));
    return arith::MaxUIOp::create(b, loc, arith::MinUIOp::create(b, loc, parts, blocks), index(1));
  }

  /// The most rows of partials that a pass has: a row for each part of each token.
  int64_t mostRows() const {
    int64_t rows = 0, last = tokens == 1 ? 1 : plan.maxTokens;
    for (int64_t count = 1; count <= last; ++count) {
      int64_t items = llvm::divideCeil(count, tokens) * cache.getKvHeads();
      rows = std::max(rows, std::max<int64_t>(1, most() / items) * count);
    }
    return rows;
  }

  Value partials() const {
    int64_t rows = mostRows(), columns = op.getHeads() * (cache.getHeadDim() + 2);
    plan.needActivations(rows * columns * 4);
    auto type = MemRefType::get({ShapedType::kDynamic, columns}, l.builder.getF32Type());
    return memref::ViewOp::create(l.builder, loc, type, l.env.arena, index(plan.activationsAt),
                                  index(rows));
  }

  void split() const {
    Value whole = items(), splits = this->splits(whole), partials = this->partials();
    attend(mul(whole, splits), splits, partials);
    Value heads = mul(l.env.count, index(op.getHeads()));
    parallel(l, loc, heads, {}, [&](OpBuilder &b, Share share) {
      phi::TileCombineOp::create(b, loc, partials, result, splits, l.env.count, share.from,
                                 share.to, op.getHeadsAttr());
    });
  }

  void emit() const { most() == 0 ? whole() : split(); }
};

} // namespace

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
  Attend{op, result, 1, l, plan}.emit();
  b.setInsertionPointToStart(branch.elseBlock());
  int64_t tokens = attentionTokens(op.getHeads(), op.getCache().getType().getKvHeads());
  Attend{op, result, tokens, l, plan}.emit();
  return success();
}

} // namespace phidias::tile
