#include "targets/cpu/CpuTarget.h"
#include "mlir/Pass/PassManager.h"
#include "targets/cpu/Features.h"
#include "targets/cpu/Machine.h"
#include "targets/cpu/Passes.h"
#include "targets/cpu/Peak.h"
#include "targets/cpu/Products.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "llvm/TargetParser/X86TargetParser.h"

using namespace llvm;

namespace phidias {

static constexpr StringLiteral kTriple = "x86_64-unknown-linux-gnu";

/// What `x86-64` stands for. Each has instructions that our code gains from over the next; code for
/// x86-64-v2 is as large as all of these together.
static constexpr StringLiteral kLevels[] = {"x86-64-v4+avx512vnni+avx512bf16",
                                            "x86-64-v4+avx512vnni", "x86-64-v4",
                                            "x86-64-v3+avxvnni", "x86-64-v3"};

static std::string hostFeatures() {
  SubtargetFeatures features;
  for (const auto &feature : sys::getHostCPUFeatures())
    features.AddFeature(feature.first(), feature.second);
  return features.getString();
}

static TargetSpec spec(StringRef name, StringRef cpu, std::string features) {
  // A version, not a bit of cpuid: a program could not tell at its start.
  features += features.empty() ? "-avx10.2" : ",-avx10.2";
  TargetSpec result{name.str(), kTriple.str(), cpu.str(), std::move(features), "x86_64-linux"};
  describeMachine(result);
  result.lowerVectorOps = [](mlir::OpPassManager &passes) {
    passes.addPass(createCpuLowerVectorPass());
  };
  result.product = [machine = result.machine](ProductKind kind) {
    return productOf(kind, machine);
  };
  result.addPeak = [machine = result.machine](mlir::ModuleOp module, const std::string &name) {
    return addPeak(module, name, machine);
  };
  return result;
}

/// A processor's name, with features after it: "x86-64-v3+avxvnni".
static Expected<TargetSpec> named(StringRef name) {
  auto [cpu, rest] = name.split('+');
  SmallVector<StringRef> known, features;
  X86::fillValidCPUArchList(known, /*Only64Bit=*/true);
  if (!is_contained(known, cpu))
    return createStringError("--target=%s: not a known target; known are native, %s",
                             name.str().c_str(), join(known, ", ").c_str());
  rest.split(features, '+', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  std::string list;
  for (StringRef feature : features) {
    if (!isKnownFeature(feature))
      return createStringError("--target=%s: '%s' is no feature of a processor that code is made "
                               "for",
                               name.str().c_str(), feature.str().c_str());
    list += (list.empty() ? "+" : ",+") + feature.str();
  }
  TargetSpec result = spec(name, cpu, std::move(list));
  if (result.machine.lanes == 0)
    return createStringError("--target=%s: code needs ssse3 and sse4.1 at least, as x86-64-v2 has",
                             name.str().c_str());
  return result;
}

Expected<std::vector<TargetSpec>> cpuTargets(StringRef name) {
  std::vector<TargetSpec> targets;
  if (name == "native") {
    targets.push_back(spec(name, sys::getHostCPUName(), hostFeatures()));
    return targets;
  }
  for (StringRef level :
       name == "x86-64" ? ArrayRef<StringLiteral>(kLevels) : ArrayRef<StringLiteral>()) {
    auto target = named(level);
    if (!target)
      return target.takeError();
    targets.push_back(std::move(*target));
  }
  if (!targets.empty())
    return targets;
  auto target = named(name);
  if (!target)
    return target.takeError();
  targets.push_back(std::move(*target));
  return targets;
}

} // namespace phidias
