// phi.tile_combine: the parts of each head, scaled to the largest score of all.

#include "phidias/Vectorize/Emitter.h"
#include "phidias/Vectorize/Math.h"
#include "phidias/Vectorize/Vectorize.h"

using namespace mlir;

namespace phidias::vec {
namespace {

/// One query head of one token.
struct Combine {
  const Emitter &e;
  mutable phi::TileCombineOp op; ///< a handle; its accessors are not const
  int64_t lanes;                 ///< of a vector; they divide the channels
  Value token, head;
  const int64_t heads = op.getHeads();
  const int64_t headDim = cast<MemRefType>(op.getResult().getType()).getDimSize(1) / heads;

  Value row(Value split) const { return e.add(e.mul(split, op.getCount()), token); }
  Value largest(Value split) const {
    return e.loadOne(op.getPartials(), {row(split), e.add(head, heads * headDim)});
  }
  Value sum(Value split) const {
    return e.loadOne(op.getPartials(), {row(split), e.add(head, heads * (headDim + 1))});
  }

  Values overSplits(Value first, function_ref<Value(Value, Value)> body) const {
    return e.loop(e.index(0), op.getSplits(), 1, first,
                  [&](Value split, ValueRange carried) { return Values{body(split, carried[0])}; });
  }

  Value largestOfAll() const {
    return overSplits(largest(e.index(0)),
                      [&](Value split, Value so) { return e.maxf(so, largest(split)); })[0];
  }

  /// e^(largest of the part - largest of all), in every lane.
  Value share(Value split, Value most) const {
    return emitExpOfNegative(e.b, e.loc, e.splat(lanes, e.subf(largest(split), most)));
  }

  Value sumOfAll(Value most) const {
    return overSplits(e.zeros(lanes), [&](Value split, Value so) {
      return e.fma(share(split, most), e.splat(lanes, sum(split)), so);
    })[0];
  }

  void run() const {
    Value most = largestOfAll(), sum = sumOfAll(most), column = e.mul(head, headDim);
    e.loop(e.index(0), e.index(headDim), lanes, [&](Value c) {
      Value at = e.add(column, c);
      Value all = overSplits(e.zeros(lanes), [&](Value split, Value so) {
        return e.fma(share(split, most), e.load(lanes, op.getPartials(), {row(split), at}), so);
      })[0];
      e.store(arith::DivFOp::create(e.b, e.loc, all, sum), op.getResult(), {token, at});
    });
  }
};

} // namespace
} // namespace phidias::vec

namespace phidias {

void vectorize(phi::TileCombineOp op, OpBuilder &b, const VectorTarget &target) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(op);
  vec::Emitter e{b, op.getLoc()};
  int64_t heads = op.getHeads(),
          headDim = cast<MemRefType>(op.getResult().getType()).getDimSize(1) / heads;
  int64_t lanes = llvm::MinAlign(headDim, target.lanes);
  e.loop(op.getFrom(), op.getTo(), 1, [&](Value item) {
    vec::Combine{e, op, lanes, e.div(item, heads), e.rem(item, heads)}.run();
  });
  op.erase();
}

} // namespace phidias
