// phi.tile_combine: the block takes head after head; a warp every kWarps-th part of it, a lane
// every 32nd channel. The warps' sums meet in shared memory.

#include "phidias/Vectorize/Math.h"
#include "targets/cuda/Block.h"
#include "targets/cuda/MapTiles.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {
namespace {

class Combine {
public:
  Combine(OpBuilder &builder, phi::TileCombineOp op)
      : op(op), b(builder, op.getLoc()), heads(op.getHeads()),
        headDim(cast<MemRefType>(op.getResult().getType()).getDimSize(1) / heads),
        channels(llvm::divideCeil(headDim, kWarpThreads)) {}

  void emit() {
    sums = b.shared(0, {kWarps, headDim}, b.b.getF32Type());
    b.loop(op.getFrom(), op.getTo(), 1, [&](Value item) {
      token = b.div(item, heads);
      head = b.rem(item, heads);
      most = largestOfAll();
      Value weight = weightOfAll();
      b.barrier();
      leaveSums();
      b.barrier();
      b.eachThread(b.index(0), b.index(headDim), [&](Value c) { store(c, weight); });
    });
  }

private:
  Value row(Value split) { return b.add(b.mul(split, op.getCount()), token); }
  Value load(Value split, Value column) {
    return b.loadOne(op.getPartials(), {row(split), column});
  }
  Value largest(Value split) { return load(split, b.add(head, heads * headDim)); }
  Value weight(Value split) { return load(split, b.add(head, heads * (headDim + 1))); }
  Value column(Value channel) { return b.add(b.mul(head, headDim), channel); }

  Values overSplits(Value from, int64_t step, ValueRange first,
                    function_ref<Values(Value, ValueRange)> body) {
    return b.loop(from, op.getSplits(), step, first, body);
  }

  /// Lane after lane; each warp for itself, which saves a barrier.
  Value largestOfAll() {
    Values own =
        overSplits(b.lane, kWarpThreads, largest(b.index(0)), [&](Value split, ValueRange so) {
          return Values{b.maxf(so[0], largest(split))};
        });
    return b.largest(own[0]);
  }
  Value weightOfAll() {
    Values own = overSplits(b.lane, kWarpThreads, b.f32(0), [&](Value split, ValueRange so) {
      return Values{b.fma(share(split), weight(split), so[0])};
    });
    return b.sum(own[0]);
  }

  /// e^(largest of the part - largest of all).
  Value share(Value split) {
    Value below = b.splat(1, b.subf(largest(split), most));
    return vector::ExtractOp::create(b.b, b.loc, vec::emitExpOfNegative(b.b, b.loc, below), 0);
  }

  /// The lane's channels, of which the last may not be there.
  Value channel(int64_t i) { return b.add(b.lane, i * kWarpThreads); }
  Value readable(int64_t i) {
    if ((i + 1) * kWarpThreads <= headDim)
      return channel(i);
    return b.min(channel(i), b.index(headDim - 1));
  }

  /// The warp's parts, each times its share.
  void leaveSums() {
    Values own =
        overSplits(b.warp, kWarps, Values(channels, b.f32(0)), [&](Value split, ValueRange so) {
          Value factor = share(split);
          Values next;
          for (int64_t i = 0; i < channels; ++i)
            next.push_back(b.fma(factor, load(split, column(readable(i))), so[i]));
          return next;
        });
    for (int64_t i = 0; i < channels; ++i)
      b.when(b.less(channel(i), b.index(headDim)),
             [&] { b.storeOne(own[i], sums, {b.warp, channel(i)}); });
  }

  void store(Value c, Value weight) {
    Value sum = b.loadOne(sums, {b.index(0), c});
    for (int64_t warp = 1; warp < kWarps; ++warp)
      sum = b.addf(sum, b.loadOne(sums, {b.index(warp), c}));
    b.storeOne(arith::DivFOp::create(b.b, b.loc, sum, weight), op.getResult(), {token, column(c)});
  }

  phi::TileCombineOp op;
  Block b;
  int64_t heads, headDim, channels; ///< channels: of a lane
  Value sums;                       ///< shared, [warp][channel]
  Value token, head, most;          ///< most: the largest score of all
};

} // namespace

void mapTile(phi::TileCombineOp op) {
  OpBuilder builder(op);
  Combine(builder, op).emit();
  op.erase();
}

} // namespace phidias::cuda
