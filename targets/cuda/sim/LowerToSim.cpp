// phi-cuda-lower-to-sim: checks first, while addresses are those of the ops; then the ops; then the
// types, for there is one memory.

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "targets/cuda/sim/LowerOps.h"
#include "targets/cuda/sim/Passes.h"

using namespace mlir;
using namespace phidias::sim;

namespace phidias {
#define GEN_PASS_DEF_CUDALOWERTOSIMPASS
#include "targets/cuda/sim/Passes.h.inc"

namespace {

/// The type without an address space.
Type plain(Type type) {
  if (auto memref = dyn_cast<MemRefType>(type))
    return MemRefType::get(memref.getShape(), memref.getElementType(), memref.getLayout());
  if (isa<LLVM::LLVMPointerType>(type))
    return LLVM::LLVMPointerType::get(type.getContext());
  return type;
}

void makePlain(ValueRange values) {
  for (Value value : values)
    value.setType(plain(value.getType()));
}

void makePlain(Operation *op) {
  makePlain(op->getResults());
  for (Region &region : op->getRegions())
    for (Block &block : region)
      makePlain(block.getArguments());
  if (auto function = dyn_cast<func::FuncOp>(op)) {
    FunctionType type = function.getFunctionType();
    function.setFunctionType(FunctionType::get(op->getContext(),
                                               llvm::map_to_vector(type.getInputs(), plain),
                                               llvm::map_to_vector(type.getResults(), plain)));
  }
}

bool isThreadOp(Operation *op) {
  return isa_and_nonnull<gpu::GPUDialect, NVVM::NVVMDialect>(op->getDialect()) ||
         isa<func::CallOp>(op) || isWgmma(op);
}

struct CudaLowerToSim : impl::CudaLowerToSimPassBase<CudaLowerToSim> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    countOthers(module);
    markWgmmaUses(module, sites);
    module.walk([&](Operation *op) { checkAccess(op, module, sites); });
    if (failed(lowerOps(module)))
      return signalPassFailure();
    module.walk([](Operation *op) { makePlain(op); });
    module.walk([](memref::MemorySpaceCastOp cast) {
      cast.replaceAllUsesWith(cast.getSource());
      cast.erase();
    });
    module->setAttr("phisim.sites", StringAttr::get(&getContext(), sites.text()));
  }

  LogicalResult lowerOps(ModuleOp module) {
    SmallVector<Operation *> ops;
    module.walk([&](Operation *op) {
      if (isThreadOp(op))
        ops.push_back(op);
    });
    for (Operation *op : ops)
      if (!lowerThreadOp(op, module, sites) && !lowerMatrixOp(op, module, sites) &&
          !lowerWgmmaOp(op, module, sites))
        return op->emitOpError("has no twin in the simulator");
    return success();
  }

  Sites sites;
};

} // namespace
} // namespace phidias
