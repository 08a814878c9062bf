#include "targets/cuda/sim/SimBuilder.h"

using namespace mlir;

namespace phidias::sim {

Value SimBuilder::i32(int64_t value) const {
  return arith::ConstantIntOp::create(b, loc, value, 32);
}

Value SimBuilder::i64(int64_t value) const {
  return arith::ConstantIntOp::create(b, loc, value, 64);
}

Type SimBuilder::pointer() const { return LLVM::LLVMPointerType::get(b.getContext()); }

Value SimBuilder::call(StringRef name, ValueRange operands, Type result) const {
  auto type = b.getFunctionType(operands.getTypes(), result ? TypeRange(result) : TypeRange());
  if (!module.lookupSymbol(name)) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    func::FuncOp::create(b, b.getUnknownLoc(), name, type).setPrivate();
  }
  auto call = func::CallOp::create(b, loc, name, type.getResults(), operands);
  return result ? call.getResult(0) : Value();
}

Value SimBuilder::offset(Value base, int64_t bytes) const {
  return LLVM::GEPOp::create(b, loc, pointer(), b.getI8Type(), base,
                             ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(bytes)});
}

Value SimBuilder::buffer(Value address, Type memref) const {
  Type one = LLVM::LLVMArrayType::get(b.getI64Type(), 1);
  auto type = LLVM::LLVMStructType::getLiteral(b.getContext(),
                                               {pointer(), pointer(), b.getI64Type(), one, one});
  Value descriptor = LLVM::UndefOp::create(b, loc, type);
  auto set = [&](Value value, ArrayRef<int64_t> at) {
    descriptor = LLVM::InsertValueOp::create(b, loc, descriptor, value, at);
  };
  auto constant = [&](int64_t value) -> Value {
    return LLVM::ConstantOp::create(b, loc, b.getI64Type(), b.getI64IntegerAttr(value));
  };
  set(address, {0});
  set(address, {1});
  set(constant(0), {2});
  set(constant(std::numeric_limits<int64_t>::max()), {3, 0});
  set(constant(1), {4, 0});
  return UnrealizedConversionCastOp::create(b, loc, memref, descriptor).getResult(0);
}

static int64_t bitsOf(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.getNumElements() * vector.getElementTypeBitWidth();
  return type.getIntOrFloatBitWidth();
}

SmallVector<Value> SimBuilder::words(Value value) const {
  int64_t bits = bitsOf(value.getType());
  Value whole = value;
  if (!value.getType().isInteger(bits))
    whole = LLVM::BitcastOp::create(b, loc, b.getIntegerType(bits), value);
  if (bits < 32)
    return {arith::ExtUIOp::create(b, loc, b.getI32Type(), whole)};
  if (bits == 32)
    return {whole};
  Value high = arith::ShRUIOp::create(b, loc, whole, i64(32));
  return {arith::TruncIOp::create(b, loc, b.getI32Type(), whole),
          arith::TruncIOp::create(b, loc, b.getI32Type(), high)};
}

Value SimBuilder::fromWords(ValueRange words, Type type) const {
  int64_t bits = bitsOf(type);
  Value whole = words[0];
  if (bits < 32)
    whole = arith::TruncIOp::create(b, loc, b.getIntegerType(bits), whole);
  if (bits == 64) {
    Value low = arith::ExtUIOp::create(b, loc, b.getI64Type(), words[0]);
    Value high = arith::ExtUIOp::create(b, loc, b.getI64Type(), words[1]);
    whole = arith::OrIOp::create(b, loc, low, arith::ShLIOp::create(b, loc, high, i64(32)));
  }
  return type.isInteger(bits) ? whole : LLVM::BitcastOp::create(b, loc, type, whole).getResult();
}

Value SimBuilder::frameOf(Operation *op, StringRef name, int64_t words) const {
  auto function = op->getParentOfType<func::FuncOp>();
  for (auto alloca : function.front().getOps<LLVM::AllocaOp>())
    if (alloca->hasAttr(name))
      return alloca;
  OpBuilder start = OpBuilder::atBlockBegin(&function.front());
  Value size =
      LLVM::ConstantOp::create(start, loc, start.getI64Type(), start.getI64IntegerAttr(words));
  auto alloca = LLVM::AllocaOp::create(start, loc, pointer(), start.getI32Type(), size, 16);
  alloca->setAttr(name, start.getUnitAttr());
  return alloca;
}

} // namespace phidias::sim
