#include "phidias/Target/LowerVector.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace phidias {

int64_t VectorBuilder::lanesOf(Value vector) {
  return cast<VectorType>(vector.getType()).getDimSize(0);
}

VectorType VectorBuilder::vector(int64_t lanes, Type element) const {
  return VectorType::get(lanes, element);
}

Value VectorBuilder::call(StringRef name, Type result, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(b, loc, result, b.getStringAttr(name), operands)
      .getResult(0);
}

Value VectorBuilder::recast(Value v, int64_t lanes, Type element) {
  return vector::BitCastOp::create(b, loc, vector(lanes, element), v);
}

Value VectorBuilder::splat(Type type, int64_t value) {
  auto vector = llvm::cast<VectorType>(type);
  return arith::ConstantOp::create(
      b, loc, DenseElementsAttr::get(vector, b.getIntegerAttr(vector.getElementType(), value)));
}

Value VectorBuilder::slice(Value vector, int64_t half) {
  int64_t lanes = lanesOf(vector) / 2;
  if (Type element = getElementTypeOrSelf(vector);
      element.isBF16()) // by words, which any machine has
    return recast(slice(recast(vector, lanes, b.getI32Type()), half), lanes, element);
  return vector::ExtractStridedSliceOp::create(b, loc, vector, half * lanes, lanes, 1);
}

Value VectorBuilder::joined(ValueRange parts) {
  if (parts.size() == 1)
    return parts[0];
  Value low = joined(parts.take_front(parts.size() / 2));
  Value high = joined(parts.drop_front(parts.size() / 2));
  return vector::ShuffleOp::create(b, loc, low, high,
                                   llvm::to_vector(llvm::seq<int64_t>(0, 2 * lanesOf(low))));
}

Value VectorBuilder::table(ArrayRef<int8_t> sixteen, int64_t bytes) {
  SmallVector<int8_t> repeated;
  while (static_cast<int64_t>(repeated.size()) < bytes)
    llvm::append_range(repeated, sixteen);
  return arith::ConstantOp::create(
      b, loc, DenseElementsAttr::get(vector(bytes, b.getI8Type()), ArrayRef<int8_t>(repeated)));
}

Value VectorBuilder::widened(Value pairs, bool high) {
  int64_t lanes = lanesOf(pairs) / 2;
  Value bits = recast(pairs, lanes, b.getI32Type());
  bits = high ? arith::AndIOp::create(b, loc, bits, splat(bits.getType(), 0xffff0000)).getResult()
              : arith::ShLIOp::create(b, loc, bits, splat(bits.getType(), 16)).getResult();
  return recast(bits, lanes, b.getF32Type());
}

Value VectorBuilder::rescaleInWords(phi::RescaleOp op) {
  Type words = vector(lanesOf(op.getCodes()), b.getI16Type());
  Value product =
      arith::MulIOp::create(b, loc, arith::ExtSIOp::create(b, loc, words, op.getCodes()),
                            arith::ExtSIOp::create(b, loc, words, op.getFactors()));
  Value rounded = arith::AddIOp::create(b, loc, product, splat(words, 64));
  Value shifted = arith::ShRSIOp::create(b, loc, rounded, splat(words, 7));
  return arith::TruncIOp::create(b, loc, op.getType(), shifted);
}

Value VectorBuilder::fmaOfHalves(phi::DotBf16Op op) {
  Value sum = op.getAcc();
  for (bool high : {false, true})
    sum =
        vector::FMAOp::create(b, loc, widened(op.getLhs(), high), widened(op.getRhs(), high), sum);
  return sum;
}

Value VectorBuilder::words(Value bytes, ArrayRef<int64_t> numbers) {
  Value all = recast(bytes, 4, b.getI32Type());
  return recast(vector::ShuffleOp::create(b, loc, all, all, numbers), 16, b.getI8Type());
}

} // namespace phidias
