// The highest score: of each slice, then of all. A number holds a score's key above what the id
// lacks to 2^32 - 1, so that the largest number is the highest score and the lowest id among
// equals.

#include "phirt/abi/Choice.h"
#include "targets/cuda/Choose.h"

using namespace mlir;
using phirt::abi::Choice;

namespace phidias::cuda {

static constexpr int64_t kIdBits = 0xffffffff;

static Value rankOf(const Choosing &c, Value id) {
  Value key = c.scoreOf(id).key;
  Value rank = c.plus(c.left(key, c.number(32)), c.minus(c.number(kIdBits), c.toNumber(id)));
  return c.pick(c.is(arith::CmpIPredicate::eq, key, c.number(0)), c.number(0), rank);
}

static Value blockLargest(const Choosing &c, Value own) {
  c.scan(own, [&](Value x, Value y) { return c.larger(x, y); });
  return c.ofAll();
}

void emitBest(const Choosing &c) {
  c.eachSlice([&](Value slice) {
    Value from = c.add(c.sliceStart(slice), c.thread), to = c.sliceStart(c.add(slice, 1));
    vec::Values own = c.loop(from, to, kBlockThreads, c.number(0), [&](Value id, ValueRange so) {
      return vec::Values{c.larger(so[0], rankOf(c, id))};
    });
    Value best = blockLargest(c, own[0]);
    c.when(c.is(arith::CmpIPredicate::eq, c.thread, c.index(0)),
           [&] { c.storeOne(best, c.bestOfSlices(), slice); });
  });
}

/// The first round of a search for the k-th score begins with k; that for a part of the weight
/// learns what is wanted from its first histogram.
void emitBegin(const Choosing &c) {
  Value slice = c.min(c.thread, c.index(c.slices - 1));
  Value best = blockLargest(c, c.loadOne(c.bestOfSlices(), slice));
  Value key = c.right(best, c.number(32));
  Value isNone = c.is(arith::CmpIPredicate::eq, best, c.number(0));
  Value id = c.minus(c.number(kIdBits), c.both(best, c.number(kIdBits)));
  Value k = c.field(offsetof(Choice, topK), c.b.getI32Type());
  Value wanted = arith::ExtUIOp::create(c.b, c.loc, c.b.getI64Type(), k);
  c.storeSearch({c.scoreAt(key), c.number(0), wanted, c.number(0), c.number(0)}, c.op.getFirst());
  c.when(c.is(arith::CmpIPredicate::eq, c.thread, c.index(0)),
         [&] { c.setToken(c.pick(isNone, c.number(-1), id)); });
}

} // namespace phidias::cuda
