#include "targets/cuda/Warpgroup.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;

namespace phidias::cuda {

// Copies go to the block's own part of its cluster's shared memory: PTX ISA 8.0 knows no other
// target, and a block that is a cluster of its own has the same addresses there.
static constexpr unsigned kGlobalSpace = 1, kSharedSpace = 3, kClusterSpace = 7;
static constexpr int64_t kSuspendHint = 0x989680; ///< ns, as CUTLASS has it

static Value asI64(const Block &e, Value number) {
  return arith::IndexCastOp::create(e.b, e.loc, e.b.getI64Type(), number);
}

static Value pointerTo(const Block &e, Value bytes, Value at, unsigned space) {
  Value base = memref::ExtractAlignedPointerAsIndexOp::create(e.b, e.loc, bytes);
  auto type = LLVM::LLVMPointerType::get(e.b.getContext(), space);
  return LLVM::IntToPtrOp::create(e.b, e.loc, type, asI64(e, e.add(base, at)));
}

static Value shared(const Block &e, Value at, unsigned space = kSharedSpace) {
  return pointerTo(e, e.shared(0, 1, e.b.getI8Type()), at, space);
}

void initBarrier(const Block &e, Value at, int64_t arrivals) {
  NVVM::MBarrierInitOp::create(e.b, e.loc, shared(e, at), e.i32(static_cast<int32_t>(arrivals)),
                               Value());
}

void endBarrier(const Block &e, Value at) {
  NVVM::MBarrierInvalOp::create(e.b, e.loc, shared(e, at));
}

void arrive(const Block &e, Value at) {
  NVVM::MBarrierArriveOp::create(e.b, e.loc, e.b.getI64Type(), shared(e, at), Value(),
                                 NVVM::MemScopeKind::CTA, false);
}

void arriveExpecting(const Block &e, Value at, int64_t bytes) {
  NVVM::MBarrierArriveExpectTxOp::create(e.b, e.loc, TypeRange(), shared(e, at),
                                         e.i32(static_cast<int32_t>(bytes)),
                                         NVVM::MemScopeKind::CTA, false, Value());
}

void waitFor(const Block &e, Value at, Value parity) {
  NVVM::MBarrierTryWaitParityOp::create(e.b, e.loc, shared(e, at), parity,
                                        e.i32(static_cast<int32_t>(kSuspendHint)));
}

void copyBulk(const Block &e, Value bytes, Value from, Value to, int64_t count, Value barrier) {
  NVVM::CpAsyncBulkGlobalToSharedClusterOp::create(
      e.b, e.loc, shared(e, to, kClusterSpace), pointerTo(e, bytes, from, kGlobalSpace),
      shared(e, barrier), e.i32(static_cast<int32_t>(count)), Value(), Value());
}

void fenceAsync(const Block &e) {
  auto kind = NVVM::ProxyKindAttr::get(e.b.getContext(), NVVM::ProxyKind::async);
  NVVM::FenceProxyOp::create(e.b, e.loc, kind, NVVM::SharedSpaceAttr());
}

// PTX ISA, "Matrix Descriptor Format": bits 0-13 the address / 16, 32-45 the stride between tiles
// / 16, 62-63 the swizzle, 1 for 128 bytes; the leading dimension's is of no consequence then.
Value describeTiles(const Block &e, Value at) {
  constexpr int64_t kTileStride = 1024;
  constexpr int64_t kFixed = (int64_t(1) << 62) | (kTileStride / 16) << 32 | int64_t(1) << 16;
  Value base =
      memref::ExtractAlignedPointerAsIndexOp::create(e.b, e.loc, e.shared(0, 1, e.b.getI8Type()));
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIntOp::create(e.b, e.loc, value, 64);
  };
  Value units = arith::ShRUIOp::create(e.b, e.loc, asI64(e, e.add(base, at)), constant(4));
  Value address = arith::AndIOp::create(e.b, e.loc, units, constant(0x3fff));
  return arith::OrIOp::create(e.b, e.loc, address, constant(kFixed));
}

/// "{$4, $5}".
static std::string registers(size_t first, size_t count) {
  std::string list = "{";
  for (size_t i = 0; i < count; ++i)
    list += (i ? ", $" : "$") + std::to_string(first + i);
  return list + "}";
}

// nvvm.wgmma.mma_async takes A from shared memory alone. Operands are numbered: what is written,
// the same as what is read, A, the descriptor.
vec::Values multiplyGroup(const Block &e, Type element, ValueRange a, Value descriptor,
                          ValueRange acc) {
  size_t sums = acc.size();
  std::string type = element.isBF16() ? "bf16" : "f16";
  std::string ptx = "{\n.reg .pred p;\nsetp.ne.b32 p, 1, 0;\n"
                    "wgmma.mma_async.sync.aligned.m64n" +
                    std::to_string(2 * sums) + "k16.f32." + type + "." + type + " " +
                    registers(0, sums) + ", " + registers(2 * sums, 4) + ", $" +
                    std::to_string(2 * sums + 4) + ", p, 1, 1, 0;\n}";
  std::string constraints;
  for (size_t i = 0; i < sums; ++i)
    constraints += "=f,";
  for (size_t i = 0; i < sums; ++i)
    constraints += std::to_string(i) + ",";
  constraints += "r,r,r,r,l";
  auto result =
      LLVM::LLVMStructType::getLiteral(e.b.getContext(), SmallVector<Type>(sums, e.b.getF32Type()));
  vec::Values operands(acc);
  llvm::append_range(operands, a);
  operands.push_back(descriptor);
  auto wgmma = LLVM::InlineAsmOp::create(
      e.b, e.loc, result, operands, ptx, constraints, /*has_side_effects=*/true,
      /*is_align_stack=*/false, LLVM::TailCallKind::None,
      LLVM::AsmDialectAttr::get(e.b.getContext(), LLVM::AsmDialect::AD_ATT), ArrayAttr());
  vec::Values products;
  for (size_t i = 0; i < sums; ++i)
    products.push_back(LLVM::ExtractValueOp::create(e.b, e.loc, wgmma.getRes(), i));
  return products;
}

void fenceRegisters(const Block &e) { NVVM::WgmmaFenceAlignedOp::create(e.b, e.loc); }
void commitProducts(const Block &e) { NVVM::WgmmaGroupSyncAlignedOp::create(e.b, e.loc); }
void waitProducts(const Block &e, int64_t groups) {
  NVVM::WgmmaWaitGroupSyncOp::create(e.b, e.loc, groups);
}

} // namespace phidias::cuda
