// LLVM's features and the bits of cpuid that tell of them (Intel SDM, volume 2, CPUID; AMD APM,
// volume 3, appendix D).

#include "targets/cpu/Features.h"
#include "llvm/MC/MCSubtargetInfo.h"

using namespace llvm;

namespace phidias {
namespace {

using Word = phirt::abi::FeatureWord;

// Not here: what LLVM uses for intrinsics alone (aes, sha, rdrand, amx and their like), which our
// code has none of.
constexpr KnownFeature kKnown[] = {
    {"sse3", Word::X86Leaf1Ecx, 0},
    {"ssse3", Word::X86Leaf1Ecx, 9},
    {"cx16", Word::X86Leaf1Ecx, 13},
    {"sse4.1", Word::X86Leaf1Ecx, 19},
    {"sse4.2", Word::X86Leaf1Ecx, 20},
    {"movbe", Word::X86Leaf1Ecx, 22},
    {"popcnt", Word::X86Leaf1Ecx, 23},
    {"avx", Word::X86Leaf1Ecx, 28},
    {"f16c", Word::X86Leaf1Ecx, 29},
    {"fma", Word::X86Leaf1Ecx, 12},
    {"lzcnt", Word::X86Extended1Ecx, 5},
    {"sse4a", Word::X86Extended1Ecx, 6},
    {"xop", Word::X86Extended1Ecx, 11},
    {"fma4", Word::X86Extended1Ecx, 16},
    {"tbm", Word::X86Extended1Ecx, 21},
    {"bmi", Word::X86Leaf7Ebx, 3},
    {"avx2", Word::X86Leaf7Ebx, 5},
    {"bmi2", Word::X86Leaf7Ebx, 8},
    {"avx512f", Word::X86Leaf7Ebx, 16},
    {"avx512dq", Word::X86Leaf7Ebx, 17},
    {"avx512ifma", Word::X86Leaf7Ebx, 21},
    {"avx512cd", Word::X86Leaf7Ebx, 28},
    {"avx512bw", Word::X86Leaf7Ebx, 30},
    {"avx512vl", Word::X86Leaf7Ebx, 31},
    {"avx512vbmi", Word::X86Leaf7Ecx, 1},
    {"avx512vbmi2", Word::X86Leaf7Ecx, 6},
    {"gfni", Word::X86Leaf7Ecx, 8},
    {"avx512vnni", Word::X86Leaf7Ecx, 11},
    {"avx512bitalg", Word::X86Leaf7Ecx, 12},
    {"avx512vpopcntdq", Word::X86Leaf7Ecx, 14},
    {"avx512fp16", Word::X86Leaf7Edx, 23},
    {"avxvnni", Word::X86Leaf7Sub1Eax, 4},
    {"avx512bf16", Word::X86Leaf7Sub1Eax, 5},
    {"avxifma", Word::X86Leaf7Sub1Eax, 23},
    {"avxvnniint8", Word::X86Leaf7Sub1Edx, 4},
    {"avxneconvert", Word::X86Leaf7Sub1Edx, 5},
    {"avxvnniint16", Word::X86Leaf7Sub1Edx, 10},
    {"avx10.1", Word::X86Leaf7Sub1Edx, 19},
    {"egpr", Word::X86Leaf7Sub1Edx, 21},
};

/// Registers of XCR0 that the code of a feature touches.
struct State {
  StringLiteral feature, name;
  uint64_t mask;
};

constexpr State kStates[] = {
    {"avx", "saved AVX registers", 0x6},
    {"avx512f", "saved AVX-512 registers", 0xe6},
    {"egpr", "saved APX registers", uint64_t(1) << 19},
};

} // namespace

std::vector<StringRef> cpuFeatureNames() { return namesOf(kKnown); }

std::vector<FeatureNeed> cpuFeatureNeeds(const MCSubtargetInfo &processor) {
  std::vector<FeatureNeed> needs = featureNeeds(processor, kKnown);
  for (const State &state : kStates)
    if (processor.checkFeatures(("+" + state.feature).str()))
      needs.push_back({state.name.str(), Word::X86EnabledStates, state.mask});
  return needs;
}

} // namespace phidias
