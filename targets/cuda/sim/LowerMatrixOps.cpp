// mma.sync and ldmatrix: registers go through memory of the function's frame.

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "targets/cuda/sim/LowerOps.h"
#include "targets/cuda/sim/SimBuilder.h"

using namespace mlir;
using phirt::abi::SimMma;

namespace phidias::sim {
namespace {

/// Words of one lane: A, B, C and D, and what ldmatrix gives.
constexpr int64_t kA = 0, kB = 4, kC = 8, kD = 12, kWords = 16;

/// What an op is given and gives.
Value frameOf(Operation *op, const SimBuilder &s) { return s.frameOf(op, "phisim.frame", kWords); }

void store(const SimBuilder &s, Value frame, int64_t word, ValueRange registers) {
  for (auto [number, value] : llvm::enumerate(registers))
    LLVM::StoreOp::create(s.b, s.loc, s.words(value)[0],
                          s.offset(frame, 4 * (word + static_cast<int64_t>(number))));
}

Value loadWord(const SimBuilder &s, Value frame, int64_t word, Type type) {
  Value bits = LLVM::LoadOp::create(s.b, s.loc, s.b.getI32Type(), s.offset(frame, 4 * word));
  return s.fromWords(bits, type);
}

/// `type`, one register or a struct of them, from word `first` on.
Value load(const SimBuilder &s, Value frame, int64_t first, Type type) {
  auto all = dyn_cast<LLVM::LLVMStructType>(type);
  if (!all)
    return loadWord(s, frame, first, type);
  Value result = LLVM::UndefOp::create(s.b, s.loc, type);
  for (auto [number, part] : llvm::enumerate(all.getBody())) {
    auto at = static_cast<int64_t>(number);
    result =
        LLVM::InsertValueOp::create(s.b, s.loc, result, loadWord(s, frame, first + at, part), at);
  }
  return result;
}

std::optional<SimMma> bytesKind(NVVM::MMATypes a, NVVM::MMATypes b) {
  using enum NVVM::MMATypes;
  bool known = (a == s8 || a == u8) && (b == s8 || b == u8);
  if (!known)
    return std::nullopt;
  if (a == s8)
    return b == s8 ? SimMma::S8S8 : SimMma::S8U8;
  return b == s8 ? SimMma::U8S8 : SimMma::U8U8;
}

/// None where the simulator has no twin of this shape and these types.
std::optional<SimMma> kindOf(NVVM::MmaOp op) {
  using enum NVVM::MMATypes;
  auto shape = op.getShapeAttr();
  auto a = op.getMultiplicandAPtxType(), b = op.getMultiplicandBPtxType();
  bool halves = op.getOperandC().front().getType() != Float32Type::get(op.getContext());
  if (!a || !b || shape.getM() != 16 || shape.getN() != 8)
    return std::nullopt;
  if (shape.getK() == 32)
    return bytesKind(*a, *b);
  if (shape.getK() != 16 || *a != *b)
    return std::nullopt;
  if (*a == f16)
    return halves ? SimMma::F16Half : SimMma::F16;
  return *a == bf16 && !halves ? std::optional(SimMma::Bf16) : std::nullopt;
}

bool lower(NVVM::MmaOp op, const SimBuilder &s, Sites &sites) {
  std::optional<SimMma> kind = kindOf(op);
  if (!kind)
    return false;
  Value frame = frameOf(op, s);
  store(s, frame, kA, op.getOperandA());
  store(s, frame, kB, op.getOperandB());
  store(s, frame, kC, op.getOperandC());
  s.call("phisim_mma",
         {s.i32(static_cast<int64_t>(*kind)), s.offset(frame, 4 * kA), s.offset(frame, 4 * kB),
          s.offset(frame, 4 * kC), s.offset(frame, 4 * kD), s.i32(sites.add(op))});
  op.replaceAllUsesWith(load(s, frame, kD, op.getType()));
  op.erase();
  return true;
}

bool lower(NVVM::LdMatrixOp op, const SimBuilder &s, Sites &sites) {
  if (op.getShape().getM() != 8 || op.getShape().getN() != 8 ||
      op.getEltType() != NVVM::LdStMatrixEltType::B16)
    return false;
  Value frame = frameOf(op, s), transposed = s.i32(op.getLayout() == NVVM::MMALayout::col);
  s.call("phisim_ldmatrix", {op.getPtr(), s.i32(op.getNum()), transposed, s.offset(frame, 4 * kD),
                             s.i32(sites.add(op))});
  op.replaceAllUsesWith(load(s, frame, kD, op.getType()));
  op.erase();
  return true;
}

} // namespace

bool lowerMatrixOp(Operation *op, ModuleOp module, Sites &sites) {
  OpBuilder b(op);
  SimBuilder s(module, b, op->getLoc());
  if (auto mma = dyn_cast<NVVM::MmaOp>(op))
    return lower(mma, s, sites);
  if (auto ldmatrix = dyn_cast<NVVM::LdMatrixOp>(op))
    return lower(ldmatrix, s, sites);
  return false;
}

} // namespace phidias::sim
