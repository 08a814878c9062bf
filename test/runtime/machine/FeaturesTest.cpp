// What a processor says of itself: each architecture has its words, and the others' are 0.
#include "machine/Features.h"
#include <cstdlib>
#include <gtest/gtest.h>
#include <vector>

using namespace phirt;
using enum phirt::abi::FeatureWord;

namespace {

const std::vector<phirt::abi::FeatureWord> kX86Words = {
    X86Leaf1Ecx,     X86Leaf7Ebx,     X86Leaf7Ecx,     X86Leaf7Edx,
    X86Leaf7Sub1Eax, X86Leaf7Sub1Edx, X86Extended1Ecx, X86EnabledStates};
const std::vector<phirt::abi::FeatureWord> kArmWords = {ArmHwcap, ArmHwcap2, ArmVectorBytes};

void expectSilence(const std::vector<phirt::abi::FeatureWord> &words) {
  for (phirt::abi::FeatureWord word : words)
    EXPECT_EQ(readFeatures(word), 0u) << static_cast<uint64_t>(word);
}

#if defined(__aarch64__)
/// Bits of AT_HWCAP as the kernel documents them.
constexpr uint64_t kFp = 1 << 0, kAsimd = 1 << 1, kSve = 1 << 22;

TEST(Features, EveryArm64HasFloatsAndNeon) {
  EXPECT_EQ(readFeatures(ArmHwcap) & (kFp | kAsimd), kFp | kAsimd);
  expectSilence(kX86Words);
}

// PHIRT_VECTOR_BYTES is what the emulator was told; without it, to be a core without SVE.
TEST(Features, VectorsAreAsLongAsTheSystemSays) {
  const char *text = getenv("PHIRT_VECTOR_BYTES");
  uint64_t bytes = text ? strtoull(text, nullptr, 10) : 0;
  EXPECT_EQ((readFeatures(ArmHwcap) & kSve) != 0, bytes != 0);
  for (int i = 0; i < 64; ++i)
    EXPECT_EQ(readFeatures(ArmVectorBytes) >> i & 1, uint64_t(1) << i <= bytes) << i;
}
#else
TEST(Features, EveryX86OfTodayHasSse3) { // bit 0
  EXPECT_EQ(readFeatures(X86Leaf1Ecx) & 1, 1u);
  expectSilence(kArmWords);
}
#endif

TEST(Features, NoMachineHasAWordThatNobodyKnows) { expectSilence({Count_}); }

} // namespace
