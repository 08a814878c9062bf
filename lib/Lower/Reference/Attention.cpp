// One pass over the positions with an online softmax: the largest score so far, the sum of
// exponentials and the weighted values are carried along and rescaled where a larger score comes
// (Milakov and Gimelshein, 2018).

#include "Cache.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace phidias::lower {
namespace {

/// One query head of one token.
class Head {
public:
  Head(OpBuilder &b, phi::AttentionOp op, const Lowering &l, Value token, Value head)
      : loc(op.getLoc()), op(op), l(l), type(op.getCache().getType()),
        lanes(lanesFor(type.getHeadDim())), pieces(type.getHeadDim() / lanes) {
    int64_t group = op.getHeads() / type.getKvHeads();
    keyHead = arith::DivUIOp::create(b, loc, head, constantIndex(b, loc, group));
    valueHead = add(b, loc, keyHead, constantIndex(b, loc, type.getKvHeads()));
    Value column = mul(b, loc, head, constantIndex(b, loc, type.getHeadDim()));
    for (int64_t p = 0; p < pieces; ++p)
      query.push_back(
          loadLanes(b, loc, l.of(op.getQkv()), {token, add(b, loc, column, offset(b, p))}, lanes));
    last = add(b, loc, l.of(op.getPosition()), token);
  }

  /// Softmax-weighted values: headDim / lanes vectors.
  SmallVector<Value> attend(OpBuilder &b) {
    Value lowest = constantF32(b, loc, -INFINITY), zero = constantF32(b, loc, 0);
    SmallVector<Value> carried{lowest, zero};
    carried.append(pieces, splat(b, loc, zero, lanes));
    Value one = constantIndex(b, loc, 1);
    auto loop = scf::ForOp::create(b, loc, first(b), add(b, loc, last, one), one, carried,
                                   [&](OpBuilder &inner, Location, Value s, ValueRange state) {
                                     scf::YieldOp::create(inner, loc, step(inner, s, state));
                                   });
    SmallVector<Value> result;
    Value sum = splat(b, loc, loop.getResult(1), lanes);
    for (Value piece : loop.getResults().drop_front(2))
      result.push_back(arith::DivFOp::create(b, loc, piece, sum));
    return result;
  }

private:
  Value offset(OpBuilder &b, int64_t piece) { return constantIndex(b, loc, piece * lanes); }

  /// The first position that is seen: 0, or last - window + 1 where that is greater.
  Value first(OpBuilder &b) {
    Value zero = constantIndex(b, loc, 0);
    if (!op.getWindow())
      return zero;
    Value start = arith::SubIOp::create(b, loc, last, constantIndex(b, loc, *op.getWindow() - 1));
    return arith::MaxSIOp::create(b, loc, start, zero);
  }

  Value score(OpBuilder &b, Value s) {
    Value row = cacheRow(b, loc, l, type, l.of(op.getLayer()), keyHead, s);
    Value sum = splat(b, loc, constantF32(b, loc, 0), lanes);
    for (int64_t p = 0; p < pieces; ++p) {
      Value key = loadLanes(b, loc, l.env.cache, add(b, loc, row, offset(b, p)), lanes);
      sum = vector::FMAOp::create(b, loc, query[p], key, sum);
    }
    return arith::MulFOp::create(b, loc, sumLanes(b, loc, sum),
                                 constantF32(b, loc, op.getScale().convertToDouble()));
  }

  /// (largest, sum, pieces...) after position s.
  SmallVector<Value> step(OpBuilder &b, Value s, ValueRange state) {
    Value x = score(b, s), largest = arith::MaximumFOp::create(b, loc, state[0], x);
    auto exp = [&](Value v) -> Value {
      return math::ExpOp::create(b, loc, arith::SubFOp::create(b, loc, v, largest));
    };
    Value keep = exp(state[0]), weight = exp(x);
    Value sum =
        arith::AddFOp::create(b, loc, arith::MulFOp::create(b, loc, state[1], keep), weight);
    SmallVector<Value> next{largest, sum};
    Value keeps = splat(b, loc, keep, lanes), weights = splat(b, loc, weight, lanes);
    Value row = cacheRow(b, loc, l, type, l.of(op.getLayer()), valueHead, s);
    for (int64_t p = 0; p < pieces; ++p) {
      Value value = loadLanes(b, loc, l.env.cache, add(b, loc, row, offset(b, p)), lanes);
      Value kept = arith::MulFOp::create(b, loc, state[2 + p], keeps);
      next.push_back(vector::FMAOp::create(b, loc, weights, value, kept));
    }
    return next;
  }

  Location loc;
  phi::AttentionOp op;
  const Lowering &l;
  phi::CacheType type;
  int64_t lanes, pieces;
  SmallVector<Value> query;
  Value keyHead, valueHead, last;
};

} // namespace

void lowerOp(phi::AttentionOp op, const Lowering &l) {
  Location loc = op.getLoc();
  Value result = l.lowered[op.getResult()] = l.place(op);
  int64_t headDim = op.getCache().getType().getHeadDim(), lanes = lanesFor(headDim);
  Value heads = constantIndex(l.builder, loc, op.getHeads());
  forShare(l, loc, mul(l.builder, loc, l.env.count, heads), [&](OpBuilder &b, Value work) {
    Value token = arith::DivUIOp::create(b, loc, work, heads),
          head = arith::RemUIOp::create(b, loc, work, heads);
    SmallVector<Value> pieces = Head(b, op, l, token, head).attend(b);
    Value column = mul(b, loc, head, constantIndex(b, loc, headDim));
    for (auto [p, piece] : llvm::enumerate(pieces))
      storeLanes(b, loc, piece, result,
                 {token, add(b, loc, column, constantIndex(b, loc, p * lanes))});
  });
}

} // namespace phidias::lower
