// What an item found goes to the result, or as a part of it to the partials.

#include "Attention.h"

using namespace mlir;

namespace phidias::vec {

static Value sumOf(const Attention &a, Value row) {
  const Emitter &e = a.e;
  return e.reduce(vector::CombiningKind::ADD,
                  e.load(a.shape.lanes, a.buffers.sums, {row, e.index(0)}));
}

/// target[targetRow, head's channels] = out[row] * factor.
static void copyOut(const Attention &a, Value row, Value target, Value targetRow, Value head,
                    Value factor) {
  const Emitter &e = a.e;
  int64_t d = a.shape.headDim, lanes = llvm::MinAlign(d, a.shape.lanes);
  Value column = e.mul(head, d), factors = e.splat(lanes, factor);
  e.loop(e.index(0), e.index(d), lanes, [&](Value c) {
    Value x = e.mulf(e.load(lanes, a.buffers.out, {row, c}), factors);
    e.store(x, target, {targetRow, e.add(column, c)});
  });
}

/// result = out / sum of the weights.
static void finish(const Attention &a, const AttentionItem &item) {
  const Emitter &e = a.e;
  forRows(a, item, [&](Value row, Value token, Value head) {
    Value factor = arith::DivFOp::create(e.b, e.loc, e.f32(1), sumOf(a, row));
    copyOut(a, row, a.op.getResult(), token, head, factor);
  });
}

/// partials = out, the largest score and the sum of the weights.
static void finishSplit(const Attention &a, const AttentionItem &item) {
  const Emitter &e = a.e;
  int64_t heads = a.shape.group * a.shape.kvHeads, sums = heads * a.shape.headDim;
  Value partials = a.op.getPartials(), first = e.mul(item.split, a.op.getCount());
  forRows(a, item, [&](Value row, Value token, Value head) {
    Value to = e.add(first, token);
    copyOut(a, row, partials, to, head, e.f32(1));
    e.storeOne(e.loadOne(a.buffers.largest, row), partials, {to, e.add(head, sums)});
    e.storeOne(sumOf(a, row), partials, {to, e.add(head, sums + heads)});
  });
}

void storeResult(const Attention &a, const AttentionItem &item) {
  if (item.split)
    finishSplit(a, item);
  else
    finish(a, item);
}

} // namespace phidias::vec
