// The kernel: entry point, LLVM dialect, and PTX by LLVM's NVPTX backend.

#include "targets/cuda/EmitPtx.h"
#include "mlir/Conversion/NVVMToLLVM/NVVMToLLVM.h"
#include "mlir/IR/Threading.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"
#include "phidias/Emit/Emit.h"
#include "targets/cuda/Block.h"
#include "targets/cuda/GlobalPointers.h"
#include "targets/cuda/ImageText.h"
#include "targets/cuda/MapTiles.h"
#include "targets/cuda/Passes.h"
#include "targets/cuda/RegionValues.h"
#include "targets/cuda/SharedMemory.h"

using namespace mlir;

namespace phidias::cuda {

/// A block is what a thread of a CPU's team is. How many there are is an argument: ptxas makes it
/// anew where it is used, but keeps what it has read from the grid.
static std::pair<Value, Value> blockAndGrid(OpBuilder &b) {
  Location loc = b.getUnknownLoc();
  Value args = b.getInsertionBlock()->getParentOp()->getRegion(0).getArgument(0);
  Value at = LLVM::GEPOp::create(
      b, loc, args.getType(), b.getI8Type(), args,
      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(offsetof(phirt::abi::ForwardArgs, threads))});
  Value blocks = LLVM::LoadOp::create(b, loc, b.getI64Type(), at);
  return {gpu::BlockIdOp::create(b, loc, gpu::Dimension::x),
          arith::IndexCastOp::create(b, loc, b.getIndexType(), blocks)};
}

/// What stages compute of their pieces is cheap; kept from layer to layer it would take the
/// registers of the tiles' code.
static void keepInLoops(LLVM::LLVMFuncOp function) {
  MLIRContext *context = function.getContext();
  auto licm = LLVM::LoopLICMAttr::get(context, BoolAttr::get(context, true), {});
  auto annotation = LLVM::LoopAnnotationAttr::get(context, {}, {}, {}, {}, {}, licm, {}, {}, {}, {},
                                                  {}, {}, {}, {}, {});
  function.walk([&](LLVM::BrOp jump) {
    if (jump.getDest()->computeBlockNumber() <= jump->getBlock()->computeBlockNumber())
      jump.setLoopAnnotationAttr(annotation);
  });
}

/// What a tile op has become, or a barrier; the others are little more than the order of these.
static bool staysFunction(LLVM::LLVMFuncOp function) {
  if (function.getName() == "phirt_claim" || function.getName() == "phirt_stage")
    return false;
  return !function.walk([](LLVM::CallOp) { return WalkResult::interrupt(); }).wasInterrupted();
}

/// ptxas lets no wgmma be under way in a function that is called.
static bool hasWgmma(LLVM::LLVMFuncOp function) {
  return function
      .walk([](LLVM::InlineAsmOp ptx) {
        return ptx.getAsmString().contains("wgmma.mma_async") ? WalkResult::interrupt()
                                                              : WalkResult::advance();
      })
      .wasInterrupted();
}

static void markKernel(ModuleOp module) {
  Builder b(module.getContext());
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    if (function.isExternal())
      continue;
    if (function.getName() != kKernel) {
      function.setLinkage(LLVM::Linkage::Internal);
      if (staysFunction(function) && !hasWgmma(function))
        function.setNoInline(true);
      else
        function.setAlwaysInline(true), keepInLoops(function);
      continue;
    }
    auto args = LLVM::LLVMArrayType::get(b.getI64Type(), sizeof(phirt::abi::ForwardArgs) / 8);
    function.setArgAttr(0, LLVM::LLVMDialect::getByValAttrName(), TypeAttr::get(args));
    function.setArgAttr(0, LLVM::LLVMDialect::getAlignAttrName(), b.getI64IntegerAttr(8));
    function->setAttr("nvvm.kernel", b.getUnitAttr());
    function->setAttr("nvvm.reqntid",
                      b.getDenseI32ArrayAttr({static_cast<int32_t>(kBlockThreads)}));
  }
}

static llvm::Error lower(ModuleOp module) {
  addEntryPoint(module, kKernel, blockAndGrid);
  PassManager pm(module.getContext());
  pm.addPass(createCudaLowerToNvvmPass());
  if (failed(pm.run(module)))
    return llvm::createStringError("lowering to NVVM failed");
  if (llvm::Error failure = lowerToLlvmDialect(module))
    return failure;
  PassManager inlinePtx(module.getContext());
  inlinePtx.addPass(createConvertNVVMToLLVMPass());
  if (failed(inlinePtx.run(module)))
    return llvm::createStringError("lowering NVVM's ops failed");
  markKernel(module);
  makePointersGlobal(module);
  return llvm::Error::success();
}

/// What phi-cuda-cut-launches says of the pass.
static std::vector<phirt::abi::Region> regionsOf(ModuleOp module) {
  std::vector<phirt::abi::Region> regions;
  if (auto numbers = module->getAttrOfType<DenseI64ArrayAttr>("phi.regions"))
    for (ArrayRef<int64_t> rest = numbers; !rest.empty(); rest = rest.drop_front(2))
      regions.push_back(
          {static_cast<phirt::abi::RegionKind>(rest[0]), static_cast<uint32_t>(rest[1])});
  return regions;
}

/// What a block is launched with.
static int64_t blockBytes(ModuleOp module) { return countersAt(module) + kCounterBytes; }

/// The module of portable code, taken out; null where all images are of the same code.
static OwningOpRef<ModuleOp> takePortable(ModuleOp module) {
  auto portable = module.lookupSymbol<ModuleOp>(kPortable);
  if (!portable)
    return nullptr;
  portable->remove();
  PassManager pm(portable.getContext());
  pm.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  pm.addNestedPass<func::FuncOp>(createCSEPass());
  LogicalResult done = pm.run(portable);
  assert(succeeded(done) && "these do not fail");
  (void)done;
  return portable;
}

/// What a model's shape or a schedule asks for may be too much.
static llvm::Error checkShared(ArrayRef<ModuleOp> codes,
                               ArrayRef<const Capability *> capabilities) {
  for (auto [code, capability] : llvm::zip_equal(codes, capabilities))
    if (int64_t bytes = blockBytes(code); bytes > capability->sharedBytes)
      return llvm::createStringError(
          "the kernel needs %lld bytes of shared memory for a block of threads, %s has %lld",
          static_cast<long long>(bytes), capability->cpu.data(),
          static_cast<long long>(capability->sharedBytes));
  return llvm::Error::success();
}

/// Side by side.
static llvm::Error addImages(DeviceProgram &program, ArrayRef<ModuleOp> codes,
                             ArrayRef<const Capability *> capabilities, DeviceText text) {
  std::vector<std::optional<llvm::Expected<std::string>>> texts(capabilities.size());
  parallelFor(codes.front()->getContext(), 0, capabilities.size(),
              [&](size_t i) { texts[i].emplace(imageText(codes[i], *capabilities[i], text)); });
  llvm::Error problems = llvm::Error::success();
  for (auto [code, capability, image] : llvm::zip_equal(codes, capabilities, texts))
    if (*image)
      program.images.push_back({capability->number, capability->cpu.ends_with("a"),
                                std::move(**image), blockBytes(code), code != codes.back()});
    else
      problems = llvm::joinErrors(std::move(problems), image->takeError());
  return problems;
}

llvm::Expected<DeviceProgram> emitPtx(ModuleOp module, ArrayRef<const Capability *> capabilities,
                                      DeviceText text) {
  registerTranslations(*module.getContext());
  registerNVVMDialectTranslation(*module.getContext());
  OwningOpRef<ModuleOp> portable = takePortable(module);
  // Where all is inlined into the kernel there are no registers to spare: a chain is for the other.
  if (portable)
    assumeWhole(module);
  if (llvm::Error failure = lower(module))
    return failure;
  if (portable)
    if (llvm::Error failure = lower(*portable))
      return failure;
  DeviceProgram program{{},
                        kKernel.str(),
                        kBlockThreads,
                        blockBytes(module),
                        capabilities.front()->number,
                        regionsOf(module)};
  SmallVector<ModuleOp> codes(capabilities.size(), portable ? *portable : module);
  codes.front() = module;
  if (llvm::Error failure = checkShared(codes, capabilities))
    return failure;
  // The same code for all is portable: a driver makes as much of it as of PTX for its own GPU.
  size_t first = portable ? 0 : capabilities.size() - 1;
  if (llvm::Error failure = addImages(program, ArrayRef(codes).drop_front(first),
                                      capabilities.drop_front(first), text))
    return failure;
  return program;
}

} // namespace phidias::cuda
