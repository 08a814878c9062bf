#ifndef PHIDIAS_TARGETS_CUDA_SIM_PASSES
#define PHIDIAS_TARGETS_CUDA_SIM_PASSES
include "mlir/Pass/PassBase.td"

def CudaNameTilesPass : Pass<"phi-cuda-name-tiles", "::mlir::ModuleOp"> {
  let summary = "give tile ops a location that tells them apart";
  let description = [{
    A tile op of unknown location gets its name, its number in its function, and its weight's or stage's: what the simulator then
    says of code made from it.
  }];
}

def CudaLowerToSimPass : Pass<"phi-cuda-lower-to-sim", "::mlir::ModuleOp"> {
  let summary = "turn gpu and nvvm ops into calls of the simulator's library";
  let description = [{
    After `phi-cuda-map-tiles`, instead of going to NVVM: each op of a CUDA thread becomes a call of a function of `phirt/abi/Sim.h`,
    shared memory becomes plain memory, and a call that checks it stands before each access. What the calls name by number, a site,
    is a line of the module's `phisim.sites`: function, op and location.

    ```mlir
    gpu.barrier                               func.call @phisim_barrier(%site)
    %x = memref.load %m[%i]              →    func.call @phisim_access(%address, %bytes, %align, %read, %site)
                                              %x = memref.load %m[%i]
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::memref::MemRefDialect"];
}

def CudaAddSimForwardPass : Pass<"phi-cuda-add-sim-forward", "::mlir::ModuleOp"> {
  let summary = "add phi_forward, which launches @forward as a kernel of the simulator";
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::memref::MemRefDialect"];
  let options = [Option<"name", "name", "std::string", "\"phi_forward\"", "symbol of the function">];
}
#endif
