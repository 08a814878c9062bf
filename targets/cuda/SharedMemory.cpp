#include "targets/cuda/SharedMemory.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/AttrTypeSubElements.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr StringLiteral kBytes = "phi.shared_bytes";

LogicalResult noteSharedBytes(ModuleOp module) {
  int64_t bytes = 0;
  WalkResult walked = module.walk([&](memref::ViewOp view) {
    if (!view.getSource().getDefiningOp<gpu::DynamicSharedMemoryOp>())
      return WalkResult::advance();
    auto start = getConstantIntValue(view.getByteShift());
    MemRefType type = view.getType();
    if (!start || !type.hasStaticShape())
      return WalkResult(
          view.emitOpError("shared memory must start at a constant and have a known size"));
    int64_t element =
        llvm::divideCeil(DataLayout::closest(view).getTypeSizeInBits(type.getElementType()), 8);
    bytes = std::max(bytes, *start + type.getNumElements() * element);
    return WalkResult::advance();
  });
  module->setAttr(kBytes, IntegerAttr::get(IntegerType::get(module.getContext(), 64), bytes));
  return failure(walked.wasInterrupted());
}

int64_t sharedBytes(ModuleOp module) {
  auto bytes = module->getAttrOfType<IntegerAttr>(kBytes);
  return bytes ? bytes.getInt() : 0;
}

void replaceSharedSpace(ModuleOp module, Attribute space) {
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](MemRefType type) -> std::optional<Type> {
    auto own = dyn_cast_or_null<gpu::AddressSpaceAttr>(type.getMemorySpace());
    if (!own || own.getValue() != gpu::AddressSpace::Workgroup)
      return std::nullopt;
    return MemRefType::get(type.getShape(), type.getElementType(), type.getLayout(), space);
  });
  replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                        /*replaceTypes=*/true);
}

} // namespace phidias::cuda
