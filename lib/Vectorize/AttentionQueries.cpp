// The query rows of an item, scaled, side by side in the scratch: a broadcast of one of their
// channels is then one load.

#include "Attention.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace phidias::vec {

static void copyQueries(const Attention &a, const AttentionItem &item) {
  const Emitter &e = a.e;
  int64_t lanes = llvm::MinAlign(a.shape.headDim, a.shape.lanes);
  Value scale = e.splat(lanes, e.f32(a.op.getScale().convertToDouble()));
  forRows(a, item, [&](Value row, Value token, Value head) {
    Value column = e.mul(head, a.shape.headDim);
    e.loop(e.index(0), e.index(a.shape.headDim), lanes, [&](Value c) {
      Value x = e.load(lanes, a.op.getQkv(), {token, e.add(column, c)});
      e.store(e.mulf(x, scale), a.buffers.queries, {row, c});
    });
  });
}

/// 127 / largest, and 0 for 0.
static Value inverseOf(const Emitter &e, Value largest) {
  Value inverse = arith::DivFOp::create(e.b, e.loc, e.f32(127), largest);
  Value positive =
      arith::CmpFOp::create(e.b, e.loc, arith::CmpFPredicate::OGT, largest, e.f32(1e-30));
  return arith::SelectOp::create(e.b, e.loc, positive, inverse, e.f32(0));
}

/// codes = round(x * 127 / largest), their scale and -128 times their sum (0 where keys are
/// signed).
static void quantizeGroup(const Attention &a, Value row, Value group, Value x) {
  const Emitter &e = a.e;
  Value largest = e.reduce(vector::CombiningKind::MAXNUMF, math::AbsFOp::create(e.b, e.loc, x));
  Value scaled = e.mulf(x, e.splat(kGroup, inverseOf(e, largest)));
  Value rounded = math::RoundEvenOp::create(e.b, e.loc, scaled);
  VectorType words = e.vector(kGroup, e.b.getI32Type());
  Value codes = arith::FPToSIOp::create(e.b, e.loc, words, rounded);
  Value bytes = arith::TruncIOp::create(e.b, e.loc, e.vector(kGroup, e.b.getI8Type()), codes);
  e.store(bytes, a.buffers.queries, {row, e.mul(group, kGroup)});
  double scale = a.op.getScale().convertToDouble() / 127;
  e.storeOne(e.mulf(largest, e.f32(scale)), a.buffers.queryScales, {row, group});
  Value sum = e.reduce(vector::CombiningKind::ADD, codes);
  Value seed = arith::MulIOp::create(e.b, e.loc, sum, e.i32(a.shape.signedCodes ? 0 : -128));
  e.storeOne(seed, a.buffers.seeds, {row, group});
}

static void quantizeQueries(const Attention &a, const AttentionItem &item) {
  const Emitter &e = a.e;
  forRows(a, item, [&](Value row, Value token, Value head) {
    Value column = e.mul(head, a.shape.headDim);
    e.loop(e.index(0), e.index(a.shape.groups()), 1, [&](Value group) {
      Value x = e.load(kGroup, a.op.getQkv(), {token, e.add(column, e.mul(group, kGroup))});
      quantizeGroup(a, row, group, x);
    });
  });
}

void loadQueries(const Attention &a, const AttentionItem &item) {
  if (a.shape.isI8())
    return quantizeQueries(a, item);
  copyQueries(a, item);
}

} // namespace phidias::vec
