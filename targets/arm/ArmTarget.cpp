#include "targets/arm/ArmTarget.h"
#include "mlir/Pass/PassManager.h"
#include "phidias/Target/Peak.h"
#include "targets/arm/Machine.h"
#include "targets/arm/Passes.h"
#include "targets/arm/Products.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Function.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace phidias {
namespace {

constexpr StringLiteral kTriple = "aarch64-unknown-linux-gnu";

/// What `arm64` stands for, the fastest first; why in this order stands in README.md.
constexpr StringLiteral kSets[] = {"arm64-generic+sve512", "arm64-generic+dotprod+i8mm+bf16",
                                   "arm64-generic+sve256", "arm64-generic+dotprod",
                                   "arm64-generic"};

/// Whose order of instructions LLVM gives our code: by its models of the other cores, and of
/// in-order ones that `generic` stands for, loads move up until the inner loops spill a fifth of
/// their vectors.
constexpr StringLiteral kScheduledFor = "neoverse-v2";

/// LLVM's models of N1, N2 and V2 hand out three micro-operations for a load of two vectors, and
/// our loops are held up by that. With this, only what lies at a multiple of 32 bytes is paired,
/// which loads of ours do not promise.
constexpr StringLiteral kLoadsAlone = "+ldp-aligned-only";

/// Four a cycle for four cycles is the most that a core so far needs; the rest are operands.
constexpr int64_t kChains = 24;

PeakForm peakForm(const Machine &machine) {
  return {machine.lanes, kChains, "w", machine.matrix, /*scalable=*/machine.lanes > 4};
}

/// Takes what is not LLVM's from `features`: the least bits of an SVE vector, or 0.
int64_t takeVectorBits(std::vector<StringRef> &features) {
  int64_t bits = 0;
  for (StringRef &feature : features)
    for (int64_t named : {256, 512})
      if (feature == "sve" + std::to_string(named)) {
        bits = std::max(bits, named);
        feature = "sve";
      }
  return bits;
}

void addCallbacks(TargetSpec &spec) {
  spec.lowerVectorOps = [](mlir::OpPassManager &passes) {
    passes.addPass(createArmLowerVectorPass());
  };
  spec.products = armProducts(spec.machine);
  spec.addPeak = [machine = spec.machine](mlir::ModuleOp module, const std::string &name) {
    return addPeak(module, name, peakForm(machine));
  };
  std::string features = spec.features + (spec.features.empty() ? "" : ",") + kLoadsAlone.str();
  spec.addAttributes = [features, least = spec.machine.lanes / 4](Function &function) {
    function.addFnAttr("tune-cpu", kScheduledFor);
    function.addFnAttr("target-features", features);
    if (least > 1) // vectors of a fixed length in SVE's registers, on longer ones too
      function.addFnAttr(Attribute::getWithVScaleRangeArgs(function.getContext(), least, 0));
  };
  // Pages have 4, 16 or 64 KiB.
  spec.linkArguments = {"-m", "aarch64linux", "-static", "-z", "max-page-size=65536"};
}

/// A core, with features after it: "neoverse-n1+i8mm".
Expected<TargetSpec> named(StringRef name) {
  SplitTarget split = splitTarget(name);
  StringRef core = split.base;
  core.consume_front("arm64");
  if (core.empty())
    core = "generic";
  else
    core.consume_front("-");
  if (!is_contained(armCoreNames(), core))
    return createStringError("--target=%s: '%s' is no core that code is made for; known are %s",
                             name.str().c_str(), core.str().c_str(),
                             join(armCoreNames(), ", ").c_str());
  auto checked = featureList(name, split.features, armFeatureNames());
  if (!checked)
    return checked.takeError();
  int64_t sveBits = takeVectorBits(split.features);
  TargetSpec spec{name.str(), kTriple.str(), core.str(), "", "aarch64-linux"};
  for (StringRef feature : split.features)
    spec.features += (spec.features.empty() ? "+" : ",+") + feature.str();
  const ArmCore *described = describedCore(core);
  ArmCore description = described ? *described : carefulCore();
  describeArmMachine(spec, description, std::max(sveBits, description.sveBits));
  if (!described && core != "generic")
    spec.caution = ("--target=" + name + ": " + core +
                    " is not described here; code for it reckons with caches of " +
                    Twine(description.l1 >> 10) + " and " + Twine(description.l2 >> 10) +
                    " KiB and vectors of 128 bits")
                       .str();
  addCallbacks(spec);
  return spec;
}

/// Of ARM, but nothing that code can be made for: what it is; else empty.
StringRef refusal(StringRef name) {
  StringRef base = splitTarget(name).base.split('-').first;
  if (base == "arm64_32" || base == "aarch64_32" || base == "arm64ilp32")
    return "has pointers of 32 bits";
  if (base.ends_with("be") || base.ends_with("eb") || base.starts_with("armeb"))
    return "is big-endian";
  if (base == "arm64" || base == "aarch64")
    return "";
  return "is 32-bit ARM";
}

} // namespace

Expected<std::vector<TargetSpec>> armTargets(StringRef asked) {
  std::string name = asked.str();
  if (asked == "native")
    name = "arm64-" + sys::getHostCPUName().str();
  else if (StringRef what = refusal(asked); !what.empty())
    return createStringError("--target=%s: that %s; code is made for arm64, 64-bit and "
                             "little-endian",
                             name.c_str(), what.str().c_str());
  else if (asked.consume_front("aarch64"))
    name = ("arm64" + asked).str();
  SmallVector<StringRef> names{name};
  if (name == "arm64")
    names.assign(std::begin(kSets), std::end(kSets));
  std::vector<TargetSpec> targets;
  for (StringRef one : names) {
    auto target = named(one);
    if (!target)
      return target.takeError();
    targets.push_back(std::move(*target));
  }
  return targets;
}

TargetFamily armFamily() {
  TargetFamily family;
  family.owns = [](StringRef name) {
    if (name == "native")
      return Triple(sys::getProcessTriple()).isAArch64();
    return name.starts_with("arm") || name.starts_with("aarch64") || name.starts_with("thumb");
  };
  family.targets = armTargets;
  family.names = [] {
    std::vector<std::string> names{"arm64"};
    for (StringRef core : armCoreNames())
      names.push_back(("arm64-" + core).str());
    return names;
  };
  return family;
}

} // namespace phidias
