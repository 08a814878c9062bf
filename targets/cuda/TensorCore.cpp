#include "targets/cuda/TensorCore.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr unsigned kGlobalSpace = 1, kSharedSpace = 3;

/// The constant is added last, where it becomes part of the instruction.
static Value pointer(const Block &e, Value bytes, Value at, int64_t offset, unsigned space) {
  Value base = memref::ExtractAlignedPointerAsIndexOp::create(e.b, e.loc, bytes);
  Value sum = e.add(e.add(base, at), offset);
  Value address = arith::IndexCastOp::create(e.b, e.loc, e.b.getI64Type(), sum);
  auto type = LLVM::LLVMPointerType::get(e.b.getContext(), space);
  return LLVM::IntToPtrOp::create(e.b, e.loc, type, address);
}

static Value sharedPointer(const Block &e, Value byte, int64_t offset) {
  return pointer(e, e.shared(0, 1, e.b.getI8Type()), byte, offset, kSharedSpace);
}

static vec::Values fieldsOf(const Block &e, Value result) {
  vec::Values fields;
  auto type = cast<LLVM::LLVMStructType>(result.getType());
  for (size_t i = 0; i < type.getBody().size(); ++i)
    fields.push_back(LLVM::ExtractValueOp::create(e.b, e.loc, result, i));
  return fields;
}

/// bf16 travels as i32, f16 as pairs.
static vec::Values operandsOf(const Block &e, Type element, ValueRange registers) {
  if (element.isBF16())
    return vec::Values(registers);
  vec::Values pairs;
  for (Value word : registers)
    pairs.push_back(LLVM::BitcastOp::create(e.b, e.loc, e.vector(2, element), word));
  return pairs;
}

vec::Values multiplyMatrices(const Block &e, Type element, ValueRange a, ValueRange b,
                             ValueRange c) {
  auto type = element.isBF16() ? NVVM::MMATypes::bf16 : NVVM::MMATypes::f16;
  auto result =
      LLVM::LLVMStructType::getLiteral(e.b.getContext(), SmallVector<Type>(4, e.b.getF32Type()));
  Value product =
      NVVM::MmaOp::create(e.b, e.loc, result, operandsOf(e, element, a), operandsOf(e, element, b),
                          c, {16, 8, 16}, std::nullopt, std::nullopt, std::array{type, type},
                          std::array{NVVM::MMALayout::row, NVVM::MMALayout::col});
  return fieldsOf(e, product);
}

vec::Values loadMatrices(const Block &e, Value byte, bool transposed) {
  return loadMatrices(e, byte, 0, transposed);
}

void copyAsync(const Block &e, Value bytes, Value from, Value to, Value present) {
  NVVM::CpAsyncOp::create(e.b, e.loc, sharedPointer(e, to, 0),
                          pointer(e, bytes, from, 0, kGlobalSpace), 16,
                          NVVM::LoadCacheModifierKind::CG, present);
}

vec::Values loadMatrices(const Block &e, Value byte, int64_t offset, bool transposed) {
  MLIRContext *context = e.b.getContext();
  auto result = LLVM::LLVMStructType::getLiteral(context, SmallVector<Type>(4, e.b.getI32Type()));
  Value loaded = NVVM::LdMatrixOp::create(e.b, e.loc, result, sharedPointer(e, byte, offset), 4,
                                          transposed ? NVVM::MMALayout::col : NVVM::MMALayout::row,
                                          NVVM::LdStMatrixShapeAttr::get(context, 8, 8),
                                          NVVM::LdStMatrixEltType::B16);
  return fieldsOf(e, loaded);
}

void copyAsync(const Block &e, Value bytes, Value from, int64_t fromOffset, Value to,
               int64_t toOffset, Value present) {
  NVVM::CpAsyncOp::create(e.b, e.loc, sharedPointer(e, to, toOffset),
                          pointer(e, bytes, from, fromOffset, kGlobalSpace), 16,
                          NVVM::LoadCacheModifierKind::CG, present);
}

void commitCopies(const Block &e) { NVVM::CpAsyncCommitGroupOp::create(e.b, e.loc); }

void waitCopies(const Block &e, int64_t groups) {
  NVVM::CpAsyncWaitGroupOp::create(e.b, e.loc, groups);
}

} // namespace phidias::cuda
