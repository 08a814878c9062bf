#include "targets/cuda/Halves.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;

namespace phidias::cuda {

Value permuteBytes(const Block &e, Value x, Value y, Value selector) {
  return NVVM::PermuteOp::create(e.b, e.loc, e.b.getI32Type(), x, y, selector,
                                 NVVM::PermuteMode::DEFAULT);
}

Value Halves::andBits(Value x, int64_t bits) const {
  return e.b.createOrFold<arith::AndIOp>(e.loc, x, word(bits));
}
Value Halves::orBits(Value x, Value y) const { return e.b.createOrFold<arith::OrIOp>(e.loc, x, y); }
Value Halves::exclusiveOr(Value x, Value y) const {
  return e.b.createOrFold<arith::XOrIOp>(e.loc, x, y);
}
Value Halves::right(Value x, int64_t bits) const {
  return bits ? e.b.createOrFold<arith::ShRUIOp>(e.loc, x, word(bits)) : x;
}
Value Halves::left(Value x, int64_t bits) const {
  return bits ? e.b.createOrFold<arith::ShLIOp>(e.loc, x, word(bits)) : x;
}

Value Halves::asPair(Value word) const { return LLVM::BitcastOp::create(e.b, e.loc, pair(), word); }
Value Halves::asWord(Value pair) const {
  return LLVM::BitcastOp::create(e.b, e.loc, e.b.getI32Type(), pair);
}

Value Halves::both(Value scalar) const {
  if (scalar.getType().isF32())
    scalar = arith::TruncFOp::create(e.b, e.loc, e.b.getF16Type(), scalar);
  return e.splat(2, scalar);
}

Value Halves::less(Value word, int64_t zero) const {
  APFloat value(APFloat::IEEEhalf(), 1024 + zero);
  Value offset = arith::ConstantOp::create(e.b, e.loc, DenseElementsAttr::get(pair(), value));
  return e.subf(asPair(word), offset);
}

Value Halves::mul(Value x, Value y) const { return e.mulf(x, y); }
Value Halves::fma(Value x, Value y, Value z) const { return e.fma(x, y, z); }

} // namespace phidias::cuda
