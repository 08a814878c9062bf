// What the compiler writes down of a processor's features is what the runtime finds on this
// machine, and both say what the kernel says in /proc/cpuinfo.
#include "machine/Features.h"
#include "targets/cpu/CpuTarget.h"
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>

using namespace phidias;

namespace {

std::set<std::string> kernelFlags() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("flags")) {
      std::istringstream words(line.substr(line.find(':') + 1));
      return {std::istream_iterator<std::string>(words), {}};
    }
  return {};
}

/// Where the kernel's name (arch/x86/include/asm/cpufeatures.h) is not LLVM's.
std::string kernelName(const std::string &name) {
  static const std::map<std::string, std::string> kNames = {{"sse3", "pni"},
                                                            {"sse4.1", "sse4_1"},
                                                            {"sse4.2", "sse4_2"},
                                                            {"lzcnt", "abm"},
                                                            {"bmi", "bmi1"},
                                                            {"avx512vbmi2", "avx512_vbmi2"},
                                                            {"avx512vnni", "avx512_vnni"},
                                                            {"avx512bitalg", "avx512_bitalg"},
                                                            {"avx512vpopcntdq", "avx512_vpopcntdq"},
                                                            {"avx512bf16", "avx512_bf16"},
                                                            {"avx512fp16", "avx512_fp16"},
                                                            {"avxvnni", "avx_vnni"},
                                                            {"saved AVX registers", "avx"},
                                                            {"saved AVX-512 registers", "avx512f"}};
  auto found = kNames.find(name);
  return found == kNames.end() ? name : found->second;
}

std::vector<TargetSpec> targets(const char *name) {
  auto found = cpuTargets(name);
  if (found)
    return *found;
  ADD_FAILURE() << llvm::toString(found.takeError());
  return {};
}

std::set<std::string> needsOf(const char *name) {
  std::set<std::string> names;
  for (const FeatureNeed &need : targets(name).at(0).needs)
    names.insert(need.name);
  return names;
}

TEST(FeaturesTest, TheRuntimeFindsWhatTheKernelDoes) {
  std::set<std::string> flags = kernelFlags();
  ASSERT_TRUE(flags.count("sse2"));
  int found = 0;
  for (const char *name : {"sapphirerapids", "znver4", "arrowlake", "x86-64-v4+avx512fp16"})
    for (const FeatureNeed &need : targets(name).at(0).needs) {
      bool has = (phirt::readFeatures(need.word) & need.mask) == need.mask;
      if (need.name == "avxifma" || need.name.starts_with("avxvnnii") ||
          need.name == "avxneconvert")
        continue; // kernels before 6.2 do not name these
      EXPECT_EQ(has, flags.count(kernelName(need.name)) == 1) << need.name;
      found += has;
    }
  EXPECT_GT(found, 10);
}

TEST(FeaturesTest, CodeForThisMachineRunsHere) {
  for (const FeatureNeed &need : targets("native").at(0).needs)
    EXPECT_EQ(phirt::readFeatures(need.word) & need.mask, need.mask) << need.name;
}

// The x86-64 psABI's list of levels, without the baseline, osfxsr and lahf.
TEST(FeaturesTest, LevelsNeedWhatThePsabiSays) {
  std::set<std::string> v2{"cx16", "popcnt", "sse3", "sse4.1", "sse4.2", "ssse3"}, v3 = v2;
  EXPECT_EQ(needsOf("x86-64-v2"), v2);
  v3.insert({"avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe", "saved AVX registers"});
  EXPECT_EQ(needsOf("x86-64-v3"), v3);
  v3.insert("avxvnni");
  EXPECT_EQ(needsOf("x86-64-v3+avxvnni"), v3);
}

TEST(FeaturesTest, RefusesWhatIsNoProcessorOrFeature) {
  for (const char *name : {"x86-64-v9", "", "x86-64-v3+avxfoo", "native+avx2", "z80"}) {
    auto found = cpuTargets(name);
    EXPECT_FALSE(found) << name;
    llvm::consumeError(found.takeError());
  }
}

TEST(FeaturesTest, AProgramForManyTakesTheBestFirst) {
  size_t needed = SIZE_MAX;
  for (const TargetSpec &target : targets("x86-64")) {
    EXPECT_LE(target.needs.size(), needed) << target.name;
    needed = target.name == "x86-64-v4" ? SIZE_MAX : target.needs.size();
  }
}

} // namespace
