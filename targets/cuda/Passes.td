#ifndef PHIDIAS_TARGETS_CUDA_PASSES
#define PHIDIAS_TARGETS_CUDA_PASSES
include "mlir/Pass/PassBase.td"

def CudaMapTilesPass : Pass<"phi-cuda-map-tiles", "::mlir::ModuleOp"> {
  let summary = "turn tile ops into code of the threads of a block";
  let description = [{
    After `phi-distribute` a block is what a thread of a CPU's team is: all of its threads run the same functions with the same
    arguments. Each tile op becomes the work of one of these threads, in `gpu`, `nvvm`, `arith`, `scf`, `memref` and `vector`
    ops. What threads of a block hand to each other lies in its shared memory, the address space `workgroup`
    (`gpu.dynamic_shared_memory`).

    - A tile op's operands are the same for all threads of a block, so its loops over items, and barriers in them, are met by all.
    - An op that writes shared memory begins with a `gpu.barrier`: others may still read what the op before it left there.
    - Shared memory starts at constant offsets; the module's `phi.shared_bytes` says how much of it a block needs.
    - Weights, activations, cache and rows are global memory: memrefs without an address space.
  }];
  let options = [
    Option<"capability", "capability", "int64_t", "80", "of the GPU, 10 times: 80, 86, 89, 90">,
    Option<"portable", "portable", "int64_t", "0", "another capability, code for which becomes a module inside, @portable, where it must differ">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect", "::mlir::NVVM::NVVMDialect",
                           "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def CudaPrefetchWeightsPass : Pass<"phi-cuda-prefetch-weights", "::mlir::ModuleOp"> {
  let summary = "ask for a linear's first weights before the barriers that it waits at";
  let description = [{
    After `phi-distribute`, before `phi-cuda-map-tiles`. In passes of up to 8 tokens weights are read once, and the memory would idle while
    blocks wait for each other and for the few that prepare activations. Weights do not depend on what is waited for: two barriers before a
    `phi.tile_linear`, or at the start of its function, each block has the first bytes of its share brought into the second cache
    (`nvvm.prefetch`). How far the share reaches is computed anew there; where that takes more than arithmetic, nothing is asked for.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::gpu::GPUDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::NVVM::NVVMDialect", "::mlir::scf::SCFDialect"];
}

def CudaCutLaunchesPass : Pass<"phi-cuda-cut-launches", "::mlir::ModuleOp"> {
  let summary = "let a launch of the kernel run a stretch of a pass's regions";
  let description = [{
    After `phi-cuda-prefetch-weights`, which looks at barriers. What lies before a barrier is a region of the pass. Regions are numbered in the
    order in which they run, those of each layer anew, both branches of an `scf.if` alike; rounds of a loop that is none over layers are one. A
    launch is told the number of its first region and how many it runs: all of them, with blocks that meet, or a link of a chain of kernels.

    - `@forward` gets three arguments with the attribute `phi.field`, the byte of `ForwardArgs` where each is found: `firstRegion`,
      `regionCount`, `narrowBlocks`. A layer's function gets the same and the number of its first region.
    - A region's work is in a branch that is taken where the launch runs it, and a loop over layers begins with the one that is needed first.
    - `phirt_barrier` becomes `phi_region_end(barrier, left, wide)`: see there.
    - A region that is not wide (no linear, attention or search of the highest score) is shared by `narrowBlocks` blocks: by all, or by one.
    - `phi.regions` of the module says of each region in turn its kind and stage.

    ```mlir
    %rest = arith.subi %number, %first : index
    %runs = arith.cmpi ult, %rest, %count : index
    scf.if %runs {
      scf.while ...
      func.call @phi_region_end(%barrier, %left, %wide) : (!llvm.ptr, i32, i1) -> ()
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::scf::SCFDialect"];
}

def CudaLowerToNvvmPass : Pass<"phi-cuda-lower-to-nvvm", "::mlir::ModuleOp"> {
  let summary = "turn gpu ops into NVVM's, and give the kernel a barrier of its grid";
  let description = [{
    Shared memory becomes the global `@phi_shared` of address space 3. `phi_region_end` counts arrivals of blocks in words of
    the module; `phirt_claim` has no more pieces; `phirt_stage` does nothing.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::NVVM::NVVMDialect", "::mlir::scf::SCFDialect"];
}
#endif
