#include "targets/cpu/CpuTarget.h"
#include "mlir/Pass/PassManager.h"
#include "targets/cpu/Machine.h"
#include "targets/cpu/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "llvm/TargetParser/X86TargetParser.h"

using namespace llvm;

namespace phidias {

static constexpr StringLiteral kTriple = "x86_64-unknown-linux-gnu";

static std::string hostFeatures() {
  SubtargetFeatures features;
  for (const auto &feature : sys::getHostCPUFeatures())
    features.AddFeature(feature.first(), feature.second);
  return features.getString();
}

static TargetSpec spec(StringRef name, StringRef cpu, std::string features) {
  TargetSpec result{name.str(), kTriple.str(), cpu.str(), std::move(features), "x86_64-linux"};
  describeMachine(result);
  result.lowerVectorOps = [](mlir::OpPassManager &passes) {
    passes.addPass(createCpuLowerVectorPass());
  };
  return result;
}

Expected<TargetSpec> cpuTarget(StringRef name) {
  if (name == "native")
    return spec(name, sys::getHostCPUName(), hostFeatures());
  SmallVector<StringRef> known;
  X86::fillValidCPUArchList(known, /*Only64Bit=*/true);
  if (is_contained(known, name))
    return spec(name, name, "");
  return createStringError("--target=%s: not a known target; known are native, %s",
                           name.str().c_str(), join(known, ", ").c_str());
}

} // namespace phidias
