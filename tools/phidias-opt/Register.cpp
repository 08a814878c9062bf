#include "Register.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Transforms/Passes.h"
#include "phidias/Fuse/Passes.h"
#include "phidias/Lower/Passes.h"
#include "phidias/Memory/Passes.h"
#include "phidias/Pack/Passes.h"
#include "phidias/Quantize/Passes.h"
#include "phidias/Schedule/Passes.h"
#include "phidias/Tile/Passes.h"
#include "phidias/Vectorize/Passes.h"
#include "targets/arm/Passes.h"
#include "targets/cpu/Passes.h"
#include "targets/cuda/Passes.h"
#include "targets/cuda/sim/Passes.h"

using namespace mlir;

namespace phidias {

void registerDialects(DialectRegistry &registry) {
  registry.insert<phi::PhiDialect, arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect,
                  gpu::GPUDialect, LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect,
                  NVVM::NVVMDialect, scf::SCFDialect, vector::VectorDialect>();
}

void registerPasses() {
  registerTransformsPasses();
  registerPhidiasFusePasses();
  registerPhidiasLowerPasses();
  registerPhidiasMemoryPasses();
  registerPhidiasPackPasses();
  registerPhidiasQuantizePasses();
  registerPhidiasVectorizePasses();
  registerPhidiasArmPasses();
  registerPhidiasCpuPasses();
  registerPhidiasCudaPasses();
  registerPhidiasCudaSimPasses();
  registerPhidiasSchedulePasses();
  registerPhidiasTilePasses();
}

} // namespace phidias
