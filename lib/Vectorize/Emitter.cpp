#include "phidias/Vectorize/Emitter.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace phidias::vec {

Value Emitter::index(int64_t value) const { return arith::ConstantIndexOp::create(b, loc, value); }
Value Emitter::f32(double value) const {
  return arith::ConstantOp::create(b, loc, b.getF32FloatAttr(static_cast<float>(value)));
}
Value Emitter::i32(int32_t value) const {
  return arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(value));
}

Value Emitter::add(Value x, Value y) const { return b.createOrFold<arith::AddIOp>(loc, x, y); }
Value Emitter::sub(Value x, Value y) const { return b.createOrFold<arith::SubIOp>(loc, x, y); }
Value Emitter::mul(Value x, Value y) const { return b.createOrFold<arith::MulIOp>(loc, x, y); }
Value Emitter::div(Value x, Value y) const { return b.createOrFold<arith::DivUIOp>(loc, x, y); }
Value Emitter::rem(Value x, Value y) const { return b.createOrFold<arith::RemUIOp>(loc, x, y); }
Value Emitter::min(Value x, Value y) const { return b.createOrFold<arith::MinSIOp>(loc, x, y); }
Value Emitter::max(Value x, Value y) const { return b.createOrFold<arith::MaxSIOp>(loc, x, y); }
Value Emitter::less(Value x, Value y) const {
  return b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, x, y);
}

Values Emitter::loop(Value from, Value to, int64_t step, ValueRange first,
                     function_ref<Values(Value, ValueRange)> body) const {
  auto loop = scf::ForOp::create(b, loc, from, to, index(step), first);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Values next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (first.empty())
    return {};
  b.setInsertionPointToEnd(loop.getBody());
  scf::YieldOp::create(b, loc, next);
  return Values(loop.getResults());
}

void Emitter::loop(Value from, Value to, int64_t step, function_ref<void(Value)> body) const {
  loop(from, to, step, ValueRange(), [&](Value i, ValueRange) {
    body(i);
    return Values();
  });
}

void Emitter::either(Value condition, function_ref<void()> yes, function_ref<void()> no) const {
  auto branch = scf::IfOp::create(b, loc, condition, /*withElseRegion=*/static_cast<bool>(no));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  yes();
  if (!no)
    return;
  b.setInsertionPointToStart(branch.elseBlock());
  no();
}

void Emitter::when(Value condition, function_ref<void()> body) const {
  either(condition, body, nullptr);
}

VectorType Emitter::vector(int64_t lanes, Type element) const {
  return VectorType::get({lanes}, element);
}

Value Emitter::load(int64_t lanes, Value buffer, ValueRange indices) const {
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  return vector::LoadOp::create(b, loc, vector(lanes, element), buffer, indices);
}

void Emitter::store(Value lanes, Value buffer, ValueRange indices) const {
  vector::StoreOp::create(b, loc, lanes, buffer, indices);
}

Value Emitter::loadOne(Value buffer, ValueRange indices) const {
  return memref::LoadOp::create(b, loc, buffer, indices);
}

void Emitter::storeOne(Value value, Value buffer, ValueRange indices) const {
  memref::StoreOp::create(b, loc, value, buffer, indices);
}

Value Emitter::splat(int64_t lanes, Value scalar) const {
  return b.createOrFold<vector::BroadcastOp>(loc, vector(lanes, scalar.getType()), scalar);
}

Value Emitter::repeat(Value from, int64_t lane, int64_t lanes) const {
  return vector::ShuffleOp::create(b, loc, from, from, SmallVector<int64_t>(lanes, lane));
}

Value Emitter::slice(Value from, int64_t first, int64_t lanes) const {
  return vector::ExtractStridedSliceOp::create(b, loc, from, first, lanes, 1);
}

Value Emitter::join(ValueRange parts) const {
  if (parts.size() == 1)
    return parts[0];
  Value low = join(parts.take_front(parts.size() / 2));
  Value high = join(parts.drop_front(parts.size() / 2));
  int64_t lanes = 2 * cast<VectorType>(low.getType()).getDimSize(0);
  return vector::ShuffleOp::create(b, loc, low, high,
                                   llvm::to_vector(llvm::seq<int64_t>(0, lanes)));
}

Value Emitter::recast(Value from, int64_t lanes, Type type) const {
  return vector::BitCastOp::create(b, loc, vector(lanes, type), from);
}

Value Emitter::toF32(Value value) const {
  Type element = getElementTypeOrSelf(value), type = b.getF32Type();
  if (auto lanes = dyn_cast<VectorType>(value.getType()))
    type = floats(lanes.getDimSize(0));
  if (element.isF32())
    return value;
  if (element.isInteger(8))
    return arith::SIToFPOp::create(b, loc, type, value);
  return arith::ExtFOp::create(b, loc, type, value);
}

Value Emitter::mulf(Value x, Value y) const { return arith::MulFOp::create(b, loc, x, y); }
Value Emitter::addf(Value x, Value y) const { return arith::AddFOp::create(b, loc, x, y); }
Value Emitter::subf(Value x, Value y) const { return arith::SubFOp::create(b, loc, x, y); }
Value Emitter::fma(Value x, Value y, Value z) const {
  if (!isa<VectorType>(x.getType()))
    return math::FmaOp::create(b, loc, x, y, z);
  return vector::FMAOp::create(b, loc, x, y, z);
}

Value Emitter::maxf(Value x, Value y) const {
  // Without nnan this is three instructions on x86.
  auto flags = arith::FastMathFlagsAttr::get(b.getContext(), arith::FastMathFlags::nnan);
  return arith::MaxNumFOp::create(b, loc, x, y, flags);
}

Value Emitter::reduce(vector::CombiningKind kind, Value lanes) const {
  auto flags = arith::FastMathFlags::reassoc | arith::FastMathFlags::nnan;
  if (kind == vector::CombiningKind::ADD)
    flags = arith::FastMathFlags::reassoc;
  return vector::ReductionOp::create(b, loc, kind, lanes, flags);
}

Value Emitter::view(Value bytes, Value start, MemRefType type, ValueRange sizes) const {
  return memref::ViewOp::create(b, loc, type, bytes, start, sizes);
}

void Emitter::prefetch(Value buffer, ValueRange indices, bool near) const {
  memref::PrefetchOp::create(b, loc, buffer, indices, /*isWrite=*/false, near ? 3 : 2,
                             /*isDataCache=*/true);
}

} // namespace phidias::vec
