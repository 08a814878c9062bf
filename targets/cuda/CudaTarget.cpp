#include "targets/cuda/CudaTarget.h"
#include "mlir/Pass/PassManager.h"
#include "phidias/Tile/Passes.h"
#include "targets/cuda/EmitPtx.h"
#include "targets/cuda/Machine.h"
#include "targets/cuda/Passes.h"
#include "targets/cuda/Ptxas.h"
#include "targets/cuda/sim/Passes.h"

using namespace llvm;

namespace phidias {

static constexpr StringLiteral kPrefix = "cuda-", kSimulator = "cuda-sim";
static constexpr const char *kDynamicLinker = "/lib64/ld-linux-x86-64.so.2"; // System V ABI, x86-64

/// Code for what came later than any capability known: PTX of the oldest goes along.
static std::vector<const cuda::Capability *> imagesFor(const cuda::Capability &capability) {
  std::vector<const cuda::Capability *> images{&capability};
  const cuda::Capability &portable = cuda::capabilities().front();
  if (&portable != &capability)
    images.push_back(&portable);
  return images;
}

/// Functions of their own: parts that are compiled side by side. `portable`: code for that comes
/// along where it must be another.
static void addMapTiles(mlir::OpPassManager &passes, const cuda::Capability &capability,
                        const cuda::Capability &portable) {
  passes.addPass(createCudaPrefetchWeightsPass());
  passes.addPass(createCudaCutLaunchesPass());
  passes.addPass(createOutlineTilesPass());
  CudaMapTilesPassOptions options;
  options.capability = capability.number;
  options.portable = capability.wgmma && !portable.wgmma ? portable.number : 0;
  passes.addPass(createCudaMapTilesPass(options));
}

static TargetSpec deviceSpec(StringRef name, const cuda::Capability &capability) {
  TargetSpec result{name.str(), "x86_64-unknown-linux-gnu", "x86-64", "", "x86_64-linux-dynamic"};
  result.machine = cuda::machineOf(capability);
  result.chooses = true;
  result.mapTiles = [&](mlir::OpPassManager &passes) {
    addMapTiles(passes, capability, cuda::capabilities().front());
  };
  result.products = cuda::products();
  result.emitDevice = [images = imagesFor(capability)](mlir::ModuleOp module, DeviceText text) {
    return cuda::emitPtx(module, images, text);
  };
  result.assemble = cuda::runPtxas;
  // It loads the driver, and so the C library when it starts.
  result.linkArguments = {
      "-m",  "elf_x86_64",   "--dynamic-linker", kDynamicLinker,  "-z",
      "now", "-l:libc.so.6", "-l:libm.so.6",     "-l:libdl.so.2", "-l:libpthread.so.0"};
  return result;
}

/// The same kernels as code of this processor, a fiber for each thread.
static TargetSpec simSpec(StringRef name, const cuda::Capability &capability) {
  TargetSpec result{name.str(), "x86_64-unknown-linux-gnu", "x86-64-v3", "", "x86_64-linux"};
  result.machine = cuda::machineOf(capability);
  result.chooses = true;
  result.mapTiles = [&](mlir::OpPassManager &passes) {
    passes.addPass(createCudaNameTilesPass());
    addMapTiles(passes, capability, capability);
  };
  result.lowerVectorOps = [](mlir::OpPassManager &passes) {
    passes.addPass(createCudaLowerToSimPass());
  };
  result.addForward = addSimForward;
  result.products = cuda::products();
  // Most of the time goes into the checks, which are the runtime's. O2 would make a program of a
  // toy twice as fast and its compile take three times as long.
  result.passes = "function(early-cse,simplifycfg)";
  result.quickCode = true;
  result.linkArguments = {"-m", "elf_x86_64", "-static"};
  return result;
}

static std::vector<std::string> names() {
  std::vector<std::string> all{kSimulator.str()};
  for (const cuda::Capability &capability : cuda::capabilities())
    all.push_back((kPrefix + "sm" + Twine(capability.number)).str());
  all.push_back((kSimulator + "-sm90").str());
  return all;
}

static Expected<std::vector<TargetSpec>> cudaTargets(StringRef name) {
  if (name == kSimulator)
    return std::vector<TargetSpec>{simSpec(name, cuda::capabilities().front())};
  StringRef digits = name.drop_front(kPrefix.size());
  bool isSimulated = digits.consume_front("sim-");
  if (digits.consume_front("sm"))
    if (const cuda::Capability *capability = cuda::findCapability(digits))
      return std::vector<TargetSpec>{isSimulated ? simSpec(name, *capability)
                                                 : deviceSpec(name, *capability)};
  return createStringError("--target=%s: not a known GPU; known are %s", name.str().c_str(),
                           join(names(), ", ").c_str());
}

TargetFamily cudaFamily() {
  TargetFamily family;
  family.owns = [](StringRef name) { return name == "cuda" || name.starts_with(kPrefix); };
  family.targets = cudaTargets;
  family.names = names;
  return family;
}

} // namespace phidias
