// phi.tile_append: for each token of the share, cosines and sines once; then its heads of the
// share.

#include "CacheAppend.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "phidias/Vectorize/ConstantList.h"
#include "phidias/Vectorize/Scratch.h"
#include "phidias/Vectorize/Vectorize.h"

using namespace mlir;

namespace phidias::vec {
namespace {

struct Append {
  const Emitter &e;
  mutable phi::TileAppendOp op; ///< a handle; its accessors are not const
  int64_t lanes;
  phi::CacheType type = op.getCacheLayout();
  int64_t turning = op.getShortFrequencies().getNumElements(); ///< pairs of channels
  int64_t kvHeads = type.getKvHeads(), headDim = type.getHeadDim(), heads = op.getHeads();
  Value shorter = {}, longer = {}, turns = {}; ///< turns: [cosine|sine][frequency], times the scale

  void prepare() {
    shorter = constantList(e, op, op.getShortFrequencies());
    if (op.getLongFrequencies())
      longer = constantList(e, op, *op.getLongFrequencies());
    turns = e.view(op.getScratch(), e.index(0), MemRefType::get({2, turning}, e.b.getF32Type()));
  }

  Value frequency(Value i) const {
    Value f = e.loadOne(shorter, i);
    if (!longer)
      return f;
    return arith::SelectOp::create(e.b, e.loc, op.getUseLong(), e.loadOne(longer, i), f);
  }

  /// Angles in f32 and the library's cosine and sine, as the reference lowering does.
  void findTurns(Value position) const {
    Value integer = arith::IndexCastOp::create(e.b, e.loc, e.b.getI64Type(), position);
    Value p = arith::SIToFPOp::create(e.b, e.loc, e.b.getF32Type(), integer);
    Value scale = e.f32(op.getScale().convertToDouble());
    e.loop(e.index(0), e.index(turning), 1, [&](Value i) {
      Value angle = e.mulf(p, frequency(i));
      e.storeOne(e.mulf(math::CosOp::create(e.b, e.loc, angle), scale), turns, {e.index(0), i});
      e.storeOne(e.mulf(math::SinOp::create(e.b, e.loc, angle), scale), turns, {e.index(1), i});
    });
  }

  /// Channels (i, n + i) of the head that starts at `column`: (x cos - y sin, y cos + x sin).
  void rotate(Value token, Value column) const {
    int64_t step = llvm::MinAlign(turning, lanes);
    e.loop(e.index(0), e.index(turning), step, [&](Value i) {
      Value low = e.add(column, i), high = e.add(low, turning);
      Value x = e.load(step, op.getQkv(), {token, low}),
            y = e.load(step, op.getQkv(), {token, high});
      Value cos = e.load(step, turns, {e.index(0), i}), sin = e.load(step, turns, {e.index(1), i});
      e.store(e.subf(e.mulf(x, cos), e.mulf(y, sin)), op.getQkv(), {token, low});
      e.store(e.addf(e.mulf(y, cos), e.mulf(x, sin)), op.getQkv(), {token, high});
    });
  }

  void appendHead(Value token, Value head, Value position) const {
    int64_t group = heads / kvHeads;
    e.loop(e.index(0), e.index(group), 1,
           [&](Value g) { rotate(token, e.mul(e.add(e.mul(head, group), g), headDim)); });
    Value key = e.mul(e.add(head, heads), headDim);
    rotate(token, key);
    CacheRegion region = cacheRegion(e, op.getCache(), type, op.getLayer(), head, op.getCapacity());
    storeHead(e, type, region, op.getQkv(), token, key, e.add(key, kvHeads * headDim), position,
              lanes);
  }

  void appendToken(Value token) const {
    Value position = e.add(op.getPosition(), token), first = e.mul(token, kvHeads);
    findTurns(position);
    Value from = e.max(e.sub(op.getFrom(), first), e.index(0));
    Value to = e.min(e.sub(op.getTo(), first), e.index(kvHeads));
    e.loop(from, to, 1, [&](Value head) { appendHead(token, head, position); });
  }

  void run() const {
    Value first = e.div(op.getFrom(), kvHeads), end = e.ceilDiv(op.getTo(), kvHeads);
    e.loop(first, end, 1, [&](Value token) { appendToken(token); });
  }
};

} // namespace
} // namespace phidias::vec

namespace phidias {

int64_t appendScratchBytes(int64_t frequencies) { return 2 * frequencies * 4; }

void vectorize(phi::TileAppendOp op, OpBuilder &b, const VectorTarget &target) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(op);
  vec::Emitter e{b, op.getLoc()};
  vec::Append append{e, op, target.lanes};
  append.prepare();
  append.run();
  op.erase();
}

} // namespace phidias
