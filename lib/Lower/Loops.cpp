#include "phidias/Lower/Loops.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace phidias::lower {

Value constantIndex(OpBuilder &b, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(b, loc, value);
}

Value constantF32(OpBuilder &b, Location loc, double value) {
  return arith::ConstantOp::create(b, loc, b.getF32FloatAttr(static_cast<float>(value)));
}

Value add(OpBuilder &b, Location loc, Value x, Value y) {
  return arith::AddIOp::create(b, loc, x, y);
}
Value mul(OpBuilder &b, Location loc, Value x, Value y) {
  return arith::MulIOp::create(b, loc, x, y);
}

static scf::ForOp makeLoop(OpBuilder &b, Location loc, Value from, Value to, int64_t step,
                           Body body) {
  return scf::ForOp::create(b, loc, from, to, constantIndex(b, loc, step), ValueRange(),
                            [&](OpBuilder &inner, Location, Value i, ValueRange) {
                              body(inner, i);
                              scf::YieldOp::create(inner, loc);
                            });
}

void forRange(OpBuilder &b, Location loc, Value from, Value to, int64_t step, Body body) {
  makeLoop(b, loc, from, to, step, body);
}

/// total * part / threads.
static Value shareStart(const Lowering &l, Location loc, Value total, Value part) {
  return arith::DivUIOp::create(l.builder, loc, mul(l.builder, loc, total, part), l.env.threads);
}

void forShare(const Lowering &l, Location loc, Value total, Body body) {
  OpBuilder &b = l.builder;
  Value next = add(b, loc, l.env.thread, constantIndex(b, loc, 1));
  makeLoop(b, loc, shareStart(l, loc, total, l.env.thread), shareStart(l, loc, total, next), 1,
           body)
      ->setAttr(kShare, b.getUnitAttr());
  func::CallOp::create(b, loc, "phirt_barrier", TypeRange(), l.env.barrier);
}

int64_t lanesFor(int64_t length) {
  int64_t lanes = 64;
  while (length % lanes != 0)
    lanes /= 2;
  return lanes;
}

Value loadLanes(OpBuilder &b, Location loc, Value buffer, ValueRange indices, int64_t lanes) {
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  Value loaded = vector::LoadOp::create(b, loc, VectorType::get({lanes}, element), buffer, indices);
  if (element.isF32())
    return loaded;
  return arith::ExtFOp::create(b, loc, VectorType::get({lanes}, b.getF32Type()), loaded);
}

void storeLanes(OpBuilder &b, Location loc, Value lanes, Value buffer, ValueRange indices) {
  vector::StoreOp::create(b, loc, lanes, buffer, indices);
}

Value splat(OpBuilder &b, Location loc, Value scalar, int64_t lanes) {
  return vector::BroadcastOp::create(b, loc, VectorType::get({lanes}, b.getF32Type()), scalar);
}

Value sumLanes(OpBuilder &b, Location loc, Value lanes) {
  // Any order: adding lanes as a tree is both faster and more exact than one after the other.
  return vector::ReductionOp::create(b, loc, vector::CombiningKind::ADD, lanes,
                                     arith::FastMathFlags::reassoc);
}

Value dotRows(OpBuilder &b, Location loc, Value x, Value xRow, Value y, Value yRow) {
  int64_t columns = cast<MemRefType>(x.getType()).getDimSize(1), lanes = lanesFor(columns);
  Value zero = splat(b, loc, constantF32(b, loc, 0), lanes);
  auto loop = scf::ForOp::create(b, loc, constantIndex(b, loc, 0), constantIndex(b, loc, columns),
                                 constantIndex(b, loc, lanes), zero,
                                 [&](OpBuilder &inner, Location, Value k, ValueRange sum) {
                                   Value xs = loadLanes(inner, loc, x, {xRow, k}, lanes),
                                         ys = loadLanes(inner, loc, y, {yRow, k}, lanes);
                                   Value next = vector::FMAOp::create(inner, loc, xs, ys, sum[0]);
                                   scf::YieldOp::create(inner, loc, next);
                                 });
  return sumLanes(b, loc, loop.getResult(0));
}

void copyRow(OpBuilder &b, Location loc, Value source, Value sourceRow, Value target,
             Value targetRow) {
  int64_t columns = cast<MemRefType>(target.getType()).getDimSize(1), lanes = lanesFor(columns);
  forRange(b, loc, constantIndex(b, loc, 0), constantIndex(b, loc, columns), lanes,
           [&](OpBuilder &inner, Value k) {
             storeLanes(inner, loc, loadLanes(inner, loc, source, {sourceRow, k}, lanes), target,
                        {targetRow, k});
           });
}

void copyRows(const Lowering &l, Location loc, Value source, Value target) {
  forShare(l, loc, l.env.count,
           [&](OpBuilder &b, Value t) { copyRow(b, loc, source, t, target, t); });
}

} // namespace phidias::lower
