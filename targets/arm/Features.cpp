// LLVM's features and the hwcaps that tell of them (Linux, Documentation/arch/arm64/elf_hwcaps.rst
// and arch/arm64/include/uapi/asm/hwcap.h).

#include "targets/arm/Features.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace phidias {
namespace {

using Word = phirt::abi::FeatureWord;

// Not here: what LLVM uses for intrinsics alone (aes, crc, fp16fml, jsconv and their like), which
// our code has none of, and what is a hint to machines without it.
constexpr KnownFeature kKnown[] = {
    {"neon", Word::ArmHwcap, 1, "asimd"},
    {"lse", Word::ArmHwcap, 8, "atomics"},
    {"fullfp16", Word::ArmHwcap, 9, "fphp"},
    {"fullfp16", Word::ArmHwcap, 10, "asimdhp"},
    {"rdm", Word::ArmHwcap, 12, "asimdrdm"},
    {"complxnum", Word::ArmHwcap, 14, "fcma"},
    {"rcpc", Word::ArmHwcap, 15, "lrcpc"},
    {"sha3", Word::ArmHwcap, 17},
    {"dotprod", Word::ArmHwcap, 20, "asimddp"},
    {"sve", Word::ArmHwcap, 22},
    {"sve2", Word::ArmHwcap2, 1},
    {"f64mm", Word::ArmHwcap2, 11, "svef64mm"},
    {"i8mm", Word::ArmHwcap2, 13},
    {"bf16", Word::ArmHwcap2, 14},
    {"cssc", Word::ArmHwcap2, 34},
    {"sve2p1", Word::ArmHwcap2, 36},
    {"mops", Word::ArmHwcap2, 43},
    {"sve-b16b16", Word::ArmHwcap2, 45, "sveb16b16"},
    {"faminmax", Word::ArmHwcap2, 50},
};

/// What a machine has to say apart where it has SVE beside.
constexpr KnownFeature kWithSve[] = {
    {"i8mm", Word::ArmHwcap2, 9, "svei8mm"},
    {"bf16", Word::ArmHwcap2, 12, "svebf16"},
};

} // namespace

std::vector<FeatureNeed> armFeatureNeeds(const MCSubtargetInfo &processor, int64_t sveBits) {
  std::vector<FeatureNeed> needs = featureNeeds(processor, kKnown);
  if (processor.checkFeatures("+sve"))
    append_range(needs, featureNeeds(processor, kWithSve));
  if (sveBits > 128)
    needs.push_back({formatv("SVE vectors of {0} bits", sveBits).str(), Word::ArmVectorBytes,
                     static_cast<uint64_t>(sveBits) / 8});
  return needs;
}

std::vector<StringRef> armFeatureNames() {
  std::vector<StringRef> names = namesOf(kKnown);
  names.push_back("sve256");
  names.push_back("sve512");
  return names;
}

} // namespace phidias
