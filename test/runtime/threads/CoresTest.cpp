// What --threads counts by default, on machines made up of files.
#include "threads/Cores.h"
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <numeric>
#include <sched.h>
#include <vector>

using namespace phirt;

namespace {

/// A folder that tells of processors 0, 1, ... what `file` of each is to say.
std::string machineThatSays(const char *file, const std::vector<const char *> &values) {
  static int machines = 0;
  auto folder = std::filesystem::path(testing::TempDir()) /
                ("phirt-cores-" + std::to_string(getpid()) + "-" + std::to_string(machines++));
  for (size_t cpu = 0; cpu < values.size(); ++cpu) {
    std::filesystem::path path = folder / ("cpu" + std::to_string(cpu)) / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << values[cpu] << '\n';
  }
  return folder;
}

struct Cores {
  int64_t counted;
  bool differ;
  bool operator==(const Cores &) const = default;
};

/// What is found of all processors of a made-up machine.
Cores coresOf(const char *file, const std::vector<const char *> &values) {
  std::string folder = machineThatSays(file, values);
  std::vector<int64_t> processors(values.size());
  std::iota(processors.begin(), processors.end(), 0);
  Cores found = {countCores(processors, folder), speedsDiffer(processors, folder)};
  std::filesystem::remove_all(folder);
  return found;
}

TEST(Cores, HyperthreadsOfOneCoreCountOnce) {
  EXPECT_EQ(coresOf("topology/thread_siblings_list", {"0-1", "0-1", "2-3", "2-3"}),
            (Cores{2, false}));
  EXPECT_EQ(coresOf("topology/thread_siblings_list", {"0,2", "1,3", "0,2", "1,3"}),
            (Cores{2, false}));
}

TEST(Cores, OnlyTheAffinityMaskCounts) {
  cpu_set_t before, one;
  sched_getaffinity(0, sizeof before, &before);
  int first = 0;
  while (!CPU_ISSET(first, &before))
    ++first;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  sched_setaffinity(0, sizeof one, &one);
  EXPECT_EQ(availableProcessors(), 1);
  EXPECT_EQ(availableCores(), 1);
  sched_setaffinity(0, sizeof before, &before);
}

TEST(Cores, WhereTheSystemIsSilentAllCount) {
  EXPECT_EQ(availableCores("/nowhere"), availableProcessors());
  EXPECT_FALSE(coresDiffer("/nowhere"));
  EXPECT_EQ(coresOf("cpu_capacity", {"", "1024"}), (Cores{2, false}));
}

// Four small cores, three big ones and a prime one, as in a phone.
TEST(Cores, BigAndPrimeCoresCount) {
  EXPECT_EQ(coresOf("cpu_capacity", {"325", "325", "325", "325", "857", "857", "857", "1024"}),
            (Cores{4, true}));
}

TEST(Cores, ThreeQuartersOfTheFastestIsStillSmall) {
  EXPECT_EQ(coresOf("cpu_capacity", {"768", "768", "1024", "1024"}), (Cores{2, true}));
  EXPECT_EQ(coresOf("cpu_capacity", {"769", "769", "1024", "1024"}), (Cores{4, true}));
}

// kHz, as the RK3588 says of its A55 and A76.
TEST(Cores, ClocksTellWhereCapacitiesAreMissing) {
  EXPECT_EQ(coresOf("cpufreq/cpuinfo_max_freq", {"1800000", "1800000", "2400000", "2400000"}),
            (Cores{2, true}));
}

TEST(Cores, BoostClocksAreNoDifference) {
  EXPECT_EQ(coresOf("cpufreq/cpuinfo_max_freq", {"5300000", "5200000", "5050000"}),
            (Cores{3, false}));
}

TEST(Cores, MoreThreadsThanTheMachineHasAreRefused) {
  EXPECT_EQ(chooseThreads(1), 1);
  EXPECT_EQ(chooseThreads(0), availableCores());
  EXPECT_FALSE(chooseThreads(1 << 20));
}

} // namespace
