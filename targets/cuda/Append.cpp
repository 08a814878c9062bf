// phi.tile_append: for each token of the share, cosines and sines into shared memory, a thread a
// frequency; then its heads of the share are rotated in place, a thread a pair of channels; then
// keys and values go to the cache.

#include "phidias/Vectorize/ConstantList.h"
#include "targets/cuda/AppendStore.h"
#include "targets/cuda/MapTiles.h"
#include "targets/cuda/Sine.h"

using namespace mlir;

namespace phidias::cuda {
namespace {

class Append {
public:
  Append(OpBuilder &builder, phi::TileAppendOp op)
      : op(op), b(builder, op.getLoc()), turning(op.getShortFrequencies().getNumElements()),
        kvHeads(op.getCacheLayout().getKvHeads()), headDim(op.getCacheLayout().getHeadDim()),
        group(static_cast<int64_t>(op.getHeads()) / kvHeads) {}

  void emit() {
    shorter = vec::constantList(b, op, op.getShortFrequencies());
    if (op.getLongFrequencies())
      longer = vec::constantList(b, op, *op.getLongFrequencies());
    turns = b.shared(0, {2, turning}, b.b.getF32Type());
    b.barrier();
    Value begin = b.div(op.getFrom(), kvHeads), end = b.ceilDiv(op.getTo(), kvHeads);
    b.loop(begin, end, 1, [&](Value token) { appendToken(token); });
  }

private:
  void appendToken(Value token) {
    Value position = b.add(op.getPosition(), token), items = b.mul(token, kvHeads);
    Value first = b.max(b.sub(op.getFrom(), items), b.index(0));
    Value last = b.min(b.sub(op.getTo(), items), b.index(kvHeads));
    Value count = b.sub(last, first);
    findTurns(position);
    b.barrier();
    rotateHeads(token, first, count);
    b.barrier(); // none reads the turns any more, and all see the rotated keys
    storeHeads(b, op, token, position, first, count);
  }

  Value frequency(Value i) {
    Value f = b.loadOne(shorter, i);
    if (!longer)
      return f;
    return arith::SelectOp::create(b.b, b.loc, op.getUseLong(), b.loadOne(longer, i), f);
  }

  /// Angles in f32, as the reference lowering has them.
  void findTurns(Value position) {
    Value integer = arith::IndexCastOp::create(b.b, b.loc, b.b.getI64Type(), position);
    Value p = arith::SIToFPOp::create(b.b, b.loc, b.b.getF32Type(), integer);
    Value scale = b.f32(op.getScale().convertToDouble());
    b.eachThread(b.index(0), b.index(turning), [&](Value i) {
      Turn turn = emitTurn(b, b.mulf(p, frequency(i)));
      b.storeOne(b.mulf(turn.cosine, scale), turns, {b.index(0), i});
      b.storeOne(b.mulf(turn.sine, scale), turns, {b.index(1), i});
    });
  }

  /// The query heads of kv heads [first, first + count), and their keys behind all query heads.
  void rotateHeads(Value token, Value first, Value count) {
    Value queries = b.mul(count, group), query = b.mul(first, group);
    Value key = b.sub(b.add(first, static_cast<int64_t>(op.getHeads())), queries);
    Value pairs = b.mul(b.add(queries, count), turning);
    b.eachThread(b.index(0), pairs, [&](Value i) {
      Value number = b.div(i, turning);
      Value before = arith::SelectOp::create(b.b, b.loc, b.less(number, queries), query, key);
      rotatePair(token, b.mul(b.add(before, number), headDim), b.rem(i, turning));
    });
  }

  /// Channels (i, n + i) of the head that starts at `column`: (x cos - y sin, y cos + x sin).
  void rotatePair(Value token, Value column, Value i) {
    Value low = b.add(column, i), high = b.add(low, turning);
    Value x = b.loadOne(op.getQkv(), {token, low}), y = b.loadOne(op.getQkv(), {token, high});
    Value cosine = b.loadOne(turns, {b.index(0), i}), sine = b.loadOne(turns, {b.index(1), i});
    b.storeOne(b.subf(b.mulf(x, cosine), b.mulf(y, sine)), op.getQkv(), {token, low});
    b.storeOne(b.addf(b.mulf(y, cosine), b.mulf(x, sine)), op.getQkv(), {token, high});
  }

  phi::TileAppendOp op;
  Block b;
  int64_t turning, kvHeads, headDim,
      group; ///< turning: pairs of channels; group: heads of a kv head
  Value shorter, longer;
  Value turns; ///< shared, [cosine|sine][frequency], times the scale
};

} // namespace

void mapTile(phi::TileAppendOp op) {
  OpBuilder builder(op);
  Append(builder, op).emit();
  op.erase();
}

} // namespace phidias::cuda
