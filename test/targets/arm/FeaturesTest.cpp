// What a program asks of a machine: numbers of the kernel's header, as the C library for ARM64 has
// it, names as the kernel prints them; and which names of targets are none.
#include "targets/Targets.h"
#include "targets/arm/ArmTarget.h"
#include "targets/arm/Cores.h"
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>

using namespace phidias;
using Word = phirt::abi::FeatureWord;

namespace {

/// Of HWCAP_ASIMDDP or HWCAP2_I8MM: word and mask, by the kernel's own name in small letters.
std::map<std::string, std::pair<Word, uint64_t>> kernelBits() {
  std::map<std::string, std::pair<Word, uint64_t>> bits;
  std::ifstream file(PHIDIAS_HWCAP_HEADER);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string define, name, one, shift;
    unsigned bit = 0;
    words >> define >> name >> one >> shift >> bit; // #define HWCAP_FP (1 << 0)
    if (define != "#define" || !name.starts_with("HWCAP") || shift != "<<")
      continue;
    Word word = name.starts_with("HWCAP2_") ? Word::ArmHwcap2 : Word::ArmHwcap;
    bits[llvm::StringRef(name).split('_').second.lower()] = {word, uint64_t(1) << bit};
  }
  return bits;
}

std::vector<TargetSpec> targets(const std::string &name) {
  auto found = allTargets().find(name);
  EXPECT_TRUE(bool(found)) << name << ": " << llvm::toString(found.takeError());
  return *found;
}

TargetSpec bestOf(const std::string &name) { return targets(name).front(); }

std::set<std::string> needsOf(const std::string &name) {
  TargetSpec target = bestOf(name);
  std::set<std::string> needs;
  for (const FeatureNeed &need : target.needs)
    needs.insert(need.name);
  return needs;
}

std::string errorOf(const std::string &name) {
  auto found = allTargets().find(name);
  return found ? "" : llvm::toString(found.takeError());
}

// Newer than Debian 12's header: Linux, arch/arm64/include/uapi/asm/hwcap.h.
const std::map<std::string, uint64_t> kNewer = {{"cssc", uint64_t(1) << 34},
                                                {"sve2p1", uint64_t(1) << 36},
                                                {"mops", uint64_t(1) << 43},
                                                {"sveb16b16", uint64_t(1) << 45},
                                                {"faminmax", uint64_t(1) << 50}};

TEST(FeaturesTest, NeedsAreTheKernelsBits) {
  auto kernel = kernelBits();
  ASSERT_GT(kernel.size(), 60u) << PHIDIAS_HWCAP_HEADER;
  std::set<std::string> seen;
  for (llvm::StringRef core : armCoreNames()) {
    TargetSpec target = bestOf("arm64-" + core.str());
    for (const FeatureNeed &need : target.needs) {
      if (need.word == Word::ArmVectorBytes || !seen.insert(need.name).second)
        continue;
      if (auto newer = kNewer.find(need.name); newer != kNewer.end()) {
        EXPECT_EQ(std::make_pair(need.word, need.mask),
                  std::make_pair(Word::ArmHwcap2, newer->second));
        continue;
      }
      ASSERT_TRUE(kernel.count(need.name)) << need.name;
      EXPECT_EQ(std::make_pair(need.word, need.mask), kernel[need.name]) << need.name;
    }
  }
  EXPECT_GE(seen.size(), 16u);
}

// "Features" of /proc/cpuinfo: Raspberry Pi 4 (Cortex-A72), Altra (N1) and Fujitsu's A64FX, of what
// code may use.
TEST(FeaturesTest, MachinesHaveWhatTheirCodeNeeds) {
  std::set<std::string> a72{"asimd"};
  EXPECT_EQ(needsOf("arm64-cortex-a72"), a72);
  EXPECT_EQ(needsOf("arm64-generic"), a72);
  std::set<std::string> n1{"asimd", "atomics", "fphp", "asimdhp", "asimdrdm", "lrcpc", "asimddp"};
  EXPECT_EQ(needsOf("arm64-neoverse-n1"), n1);
  n1.insert("i8mm");
  EXPECT_EQ(needsOf("arm64-neoverse-n1+i8mm"), n1);
  std::set<std::string> a64fx{"asimd",    "atomics", "fphp", "asimdhp",
                              "asimdrdm", "fcma",    "sve",  "SVE vectors of 512 bits"};
  EXPECT_EQ(needsOf("arm64-a64fx"), a64fx);
}

TEST(FeaturesTest, VectorsOfSveAreLongEnough) {
  auto bytesOf = [](const std::string &name) {
    TargetSpec target = bestOf(name);
    for (const FeatureNeed &need : target.needs)
      if (need.word == Word::ArmVectorBytes)
        return need.mask;
    return uint64_t(0);
  };
  EXPECT_EQ(bytesOf("arm64-neoverse-v1+sve256"), 1u << 5); // 2^5 bytes
  EXPECT_EQ(bytesOf("arm64-generic+sve512"), 1u << 6);
  EXPECT_EQ(bytesOf("arm64-neoverse-n2"), 0u);
  EXPECT_EQ(bytesOf("arm64-neoverse-v1"), 0u); // its smmla of NEON's does more
  EXPECT_TRUE(bestOf("arm64-neoverse-v1").machine.matrix);
}

/// Whether every machine that can run `of` can run `target`.
bool asksForNoMore(const TargetSpec &target, const TargetSpec &of) {
  return llvm::all_of(target.needs, [&](const FeatureNeed &need) {
    return llvm::any_of(of.needs, [&](const FeatureNeed &other) {
      return other.word == need.word && (other.mask & need.mask) == need.mask;
    });
  });
}

// Products of matrices before SVE of 256 bits, as Neoverse V1 has both.
TEST(FeaturesTest, AProgramForManyHasTheFastestCodeFirst) {
  std::vector<TargetSpec> all = targets("arm64");
  ASSERT_EQ(all.size(), 5u);
  EXPECT_EQ(all[0].machine.lanes, 16);
  EXPECT_TRUE(all[1].machine.matrix);
  EXPECT_EQ(all[2].machine.lanes, 8);
  EXPECT_TRUE(all[3].machine.dot);
  EXPECT_FALSE(all[3].machine.matrix);
  EXPECT_FALSE(all[4].machine.dot);
  // What comes earlier is not asked for by what comes later, else the later one would never run.
  for (size_t later = 1; later < all.size(); ++later)
    for (size_t i = 0; i < later; ++i)
      EXPECT_FALSE(asksForNoMore(all[i], all[later])) << all[i].name << ", " << all[later].name;
  EXPECT_EQ(targets("aarch64-cortex-a76").front().name, "arm64-cortex-a76");
}

TEST(FeaturesTest, UnknownCoresGetACarefulDescriptionAloud) {
  TargetSpec unknown = targets("arm64-cortex-a55").front(),
             known = targets("arm64-cortex-a76").front();
  EXPECT_NE(unknown.caution.find("cortex-a55 is not described"), std::string::npos);
  EXPECT_TRUE(known.caution.empty());
  TargetSpec cobalt = bestOf("arm64-cobalt-100"); // LLVM knows it as a Neoverse N2
  EXPECT_TRUE(cobalt.caution.empty());
  EXPECT_EQ(cobalt.machine.l1, 64 << 10);
}

TEST(FeaturesTest, RefusesInOneLine) {
  const std::pair<const char *, const char *> cases[] = {{"arm", "32-bit"},
                                                         {"armv7", "32-bit"},
                                                         {"armv8l", "32-bit"},
                                                         {"armhf", "32-bit"},
                                                         {"thumbv7em", "32-bit"},
                                                         {"arm-linux-gnueabihf", "32-bit"},
                                                         {"aarch64_be", "big-endian"},
                                                         {"arm64be", "big-endian"},
                                                         {"armeb", "big-endian"},
                                                         {"armv7eb-linux", "big-endian"},
                                                         {"arm64_32", "pointers of 32 bits"},
                                                         {"arm64-cortex-a999", "neoverse-v2, "},
                                                         {"arm64-", "no core"},
                                                         {"arm64-cortex-m33", "cortex-a72, "},
                                                         {"arm64-neoverse-n1+avx2", "dotprod, "},
                                                         {"z80", "arm64-cortex-a76, "},
                                                         {"", "x86-64-v3, "}};
  for (const auto &[name, part] : cases) {
    std::string error = errorOf(name);
    EXPECT_NE(error.find(part), error.npos) << name << ": " << error;
    EXPECT_EQ(error.find('\n'), error.npos) << name;
  }
}

} // namespace
