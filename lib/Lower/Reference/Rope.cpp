#include "mlir/Dialect/Math/IR/Math.h"
#include "phidias/Lower/Loops.h"

using namespace mlir;

namespace phidias::lower {

/// A constant memref<nxf32> in the module that holds `values`; equal lists share one.
static Value constantList(const Lowering &l, Location loc, DenseElementsAttr values) {
  auto module = cast<ModuleOp>(l.symbols.getOp());
  auto type = MemRefType::get({values.getNumElements()}, l.builder.getF32Type());
  for (auto global : module.getOps<memref::GlobalOp>())
    if (global.getInitialValueAttr() == values)
      return memref::GetGlobalOp::create(l.builder, loc, type, global.getSymName());
  OpBuilder top = OpBuilder::atBlockBegin(module.getBody());
  auto global = memref::GlobalOp::create(top, loc, "rope_frequencies", top.getStringAttr("private"),
                                         type, values,
                                         /*constant=*/true, IntegerAttr());
  l.symbols.insert(global);
  return memref::GetGlobalOp::create(l.builder, loc, type, global.getSymName());
}

/// frequency[i], of the long list where it holds.
static Value frequency(OpBuilder &b, Location loc, Value shorter, Value longer, Value useLong,
                       Value i) {
  Value f = memref::LoadOp::create(b, loc, shorter, i);
  if (!longer)
    return f;
  Value g = memref::LoadOp::create(b, loc, longer, i);
  return arith::SelectOp::create(b, loc, useLong, g, f);
}

static Value asF32(OpBuilder &b, Location loc, Value index) {
  Value integer = arith::IndexCastOp::create(b, loc, b.getI64Type(), index);
  return arith::SIToFPOp::create(b, loc, b.getF32Type(), integer);
}

/// (x, y) at channels (i, n + i) of one head becomes (x cos - y sin, y cos + x sin).
static void rotate(OpBuilder &b, Location loc, Value input, Value result, Value t, Value low,
                   Value high, Value cos, Value sin) {
  Value x = memref::LoadOp::create(b, loc, input, ValueRange{t, low});
  Value y = memref::LoadOp::create(b, loc, input, ValueRange{t, high});
  auto times = [&](Value p, Value q) { return arith::MulFOp::create(b, loc, p, q).getResult(); };
  Value first = arith::SubFOp::create(b, loc, times(x, cos), times(y, sin));
  Value second = arith::AddFOp::create(b, loc, times(y, cos), times(x, sin));
  memref::StoreOp::create(b, loc, first, result, ValueRange{t, low});
  memref::StoreOp::create(b, loc, second, result, ValueRange{t, high});
}

void lowerOp(phi::RopeOp op, const Lowering &l) {
  Location loc = op.getLoc();
  OpBuilder &b = l.builder;
  Value input = l.of(op.getInput()), result = l.lowered[op.getResult()] = l.place(op);
  Value shorter = constantList(l, loc, op.getShortFrequencies());
  Value longer = op.getLongFrequencies() ? constantList(l, loc, *op.getLongFrequencies()) : Value();
  int64_t n = op.getShortFrequencies().getNumElements(), headDim = op.getHeadDim();
  Value zero = constantIndex(b, loc, 0), half = constantIndex(b, loc, n);
  Value heads = constantIndex(b, loc, op.getHeads() * headDim);
  Value scale = constantF32(b, loc, op.getScale().convertToDouble());
  forShare(l, loc, l.env.count, [&](OpBuilder &b1, Value t) {
    copyRow(b1, loc, input, t, result, t);
    Value position = asF32(b1, loc, add(b1, loc, l.of(op.getPosition()), t));
    forRange(b1, loc, zero, half, 1, [&](OpBuilder &b2, Value i) {
      Value f = frequency(b2, loc, shorter, longer, l.of(op.getUseLong()), i);
      Value angle = arith::MulFOp::create(b2, loc, position, f);
      Value cos = arith::MulFOp::create(b2, loc, math::CosOp::create(b2, loc, angle), scale);
      Value sin = arith::MulFOp::create(b2, loc, math::SinOp::create(b2, loc, angle), scale);
      forRange(b2, loc, zero, heads, headDim, [&](OpBuilder &b3, Value head) {
        Value low = add(b3, loc, head, i);
        rotate(b3, loc, input, result, t, low, add(b3, loc, low, half), cos, sin);
      });
    });
  });
}

} // namespace phidias::lower
