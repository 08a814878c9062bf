#include "targets/cpu/CpuTarget.h"
#include "mlir/Pass/PassManager.h"
#include "phidias/Target/Peak.h"
#include "targets/cpu/Features.h"
#include "targets/cpu/Machine.h"
#include "targets/cpu/Passes.h"
#include "targets/cpu/Products.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Function.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/TargetParser/X86TargetParser.h"

using namespace llvm;

namespace phidias {

static constexpr StringLiteral kTriple = "x86_64-unknown-linux-gnu";

/// What `x86-64` stands for. Each has instructions that our code gains from over the next; code for
/// x86-64-v2 is as large as all of these together.
static constexpr StringLiteral kLevels[] = {"x86-64-v4+avx512vnni+avx512bf16",
                                            "x86-64-v4+avx512vnni", "x86-64-v4",
                                            "x86-64-v3+avxvnni", "x86-64-v3"};

/// Twelve chains hide the latency of a dot product on every processor so far (4 or 5 cycles, two a
/// cycle at most), and leave registers for the operands where there are 16.
static constexpr int64_t kChains = 12;

/// Loops come as blocks, indices as sums of products, buffers as structs of five fields: all that
/// is to be tidied, loops with constant bounds unrolled, short ones a little. Common subexpressions
/// are MLIR's work, but for those of addresses. What O2 does beyond is half of a compile and spoils
/// code: it takes a token's values for common across the panels of a step, keeps them in registers,
/// and spills codes (8 tokens, gated: 316 spills in 779 instructions in place of 22 in 490).
static constexpr StringLiteral kPasses = "function("
                                         "simplifycfg,early-cse,instcombine<no-verify-fixpoint>,"
                                         "loop-mssa(loop-rotate,licm),"
                                         "loop(indvars,loop-deletion,loop-unroll-full),"
                                         "simplifycfg,instcombine<no-verify-fixpoint>,"
                                         "loop-unroll<O2>,"
                                         "instcombine<no-verify-fixpoint>,early-cse)";

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
  result.products = cpuProducts(result.machine);
  result.addPeak = [machine = result.machine](mlir::ModuleOp module, const std::string &name) {
    return addPeak(module, name, {machine.lanes, kChains, machine.lanes == 16 ? "v" : "x"});
  };
  result.addAttributes = [](Function &function) {
    function.addFnAttr("prefer-vector-width", "512"); // LLVM's own choice is 256 on some
  };
  result.passes = kPasses.str();
  result.linkArguments = {"-m", "elf_x86_64", "-static"};
  return result;
}

static std::vector<StringRef> processors() {
  SmallVector<StringRef> known;
  X86::fillValidCPUArchList(known, /*Only64Bit=*/true);
  return {known.begin(), known.end()};
}

/// A processor's name, with features after it: "x86-64-v3+avxvnni".
static Expected<TargetSpec> named(StringRef name) {
  SplitTarget split = splitTarget(name);
  if (!is_contained(processors(), split.base))
    return createStringError("--target=%s: not a known target; known are native, %s",
                             name.str().c_str(), join(processors(), ", ").c_str());
  auto features = featureList(name, split.features, cpuFeatureNames());
  if (!features)
    return features.takeError();
  TargetSpec result = spec(name, split.base, std::move(*features));
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

TargetFamily cpuFamily() {
  TargetFamily family;
  family.owns = [](StringRef name) {
    if (name == "native")
      return Triple(sys::getProcessTriple()).isX86();
    return name.starts_with("x86") || is_contained(processors(), splitTarget(name).base);
  };
  family.targets = cpuTargets;
  family.names = [] {
    std::vector<StringRef> all = processors();
    return std::vector<std::string>(all.begin(), all.end());
  };
  return family;
}

} // namespace phidias
