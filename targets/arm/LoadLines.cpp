// Loads of 64 and of 32 bytes as ld1 of four registers and of two. Cortex-A76 and Neoverse N1 take
// an operation more for each register that is loaded at an offset (Arm's optimisation guides: I and
// L), which ld1 takes once for all of them. Where i8mm is, cores load at an offset at no such cost.

#include "targets/arm/LoadLines.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "phidias/Target/LowerVector.h"

using namespace mlir;

namespace phidias {
namespace {

constexpr int64_t kRegisterBytes = 16;

int64_t bytesOf(VectorType type) {
  return type.getNumElements() * type.getElementTypeBitWidth() / 8;
}

struct LineLoader : VectorBuilder {
  explicit LineLoader(vector::LoadOp load) : VectorBuilder(load), load(load) {}

  void replace() {
    VectorType whole = load.getVectorType();
    int64_t registers = bytesOf(whole) / kRegisterBytes;
    VectorType part = vector(whole.getNumElements() / registers, whole.getElementType());
    auto all = LLVM::LLVMStructType::getLiteral(b.getContext(), SmallVector<Type>(registers, part));
    StringRef name = registers == 4 ? "llvm.aarch64.neon.ld1x4" : "llvm.aarch64.neon.ld1x2";
    Value loaded = call(name, all, address());
    SmallVector<Value> parts;
    for (int64_t i = 0; i < registers; ++i)
      parts.push_back(LLVM::ExtractValueOp::create(b, loc, loaded, i));
    load.replaceAllUsesWith(joined(parts));
    load.erase();
  }

private:
  Value address() {
    Value base = memref::ExtractAlignedPointerAsIndexOp::create(b, loc, load.getBase());
    Value pointer =
        LLVM::IntToPtrOp::create(b, loc, LLVM::LLVMPointerType::get(b.getContext()), word(base));
    return LLVM::GEPOp::create(b, loc, pointer.getType(), load.getVectorType().getElementType(),
                               pointer, word(load.getIndices()[0]));
  }

  Value word(Value index) { return arith::IndexCastOp::create(b, loc, b.getI64Type(), index); }

  vector::LoadOp load;
};

/// Bytes of four registers, or words of two, that are taken apart at once. What is used as a whole,
/// sums and floats, would keep its registers side by side for longer, and be spilt.
bool isLine(vector::LoadOp load) {
  MemRefType from = load.getMemRefType();
  int64_t bytes = bytesOf(load.getVectorType());
  int64_t registers = from.getElementType().isInteger(8)    ? 4
                      : from.getElementType().isInteger(32) ? 2
                                                            : 0;
  bool isWhole = registers > 0 && bytes == registers * kRegisterBytes;
  return isWhole && from.getRank() == 1 && from.getLayout().isIdentity() &&
         llvm::all_of(load->getUsers(), llvm::IsaPred<vector::ExtractStridedSliceOp>);
}

} // namespace

void loadLinesAtOnce(ModuleOp module) {
  module.walk([](vector::LoadOp load) {
    if (isLine(load))
      LineLoader(load).replace();
  });
}

} // namespace phidias
