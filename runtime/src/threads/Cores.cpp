#include "threads/Cores.h"
#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <sched.h>
#include <unistd.h>
#include <vector>

namespace phirt {
namespace {

// A mask for many processors: the fixed cpu_set_t fails on machines with more than 1024.
constexpr int64_t kMostProcessors = 1 << 16;

/// The processors of the affinity mask.
std::vector<int64_t> processors() {
  std::vector<cpu_set_t> mask(CPU_ALLOC_SIZE(kMostProcessors) / sizeof(cpu_set_t));
  std::vector<int64_t> found;
  if (sched_getaffinity(0, CPU_ALLOC_SIZE(kMostProcessors), mask.data()) == 0)
    for (int64_t cpu = 0; cpu < kMostProcessors; ++cpu)
      if (CPU_ISSET_S(cpu, CPU_ALLOC_SIZE(kMostProcessors), mask.data()))
        found.push_back(cpu);
  if (found.empty())
    found.push_back(0);
  return found;
}

/// The number that the text of a small file begins with; none where there is no such file.
std::optional<int64_t> readNumber(const std::string &path) {
  char text[64] = "";
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ssize_t length = file < 0 ? 0 : read(file, text, sizeof text - 1);
  if (file >= 0)
    close(file);
  if (length <= 0 || text[0] < '0' || text[0] > '9')
    return std::nullopt;
  return strtoll(text, nullptr, 10);
}

/// What the system says of each processor in `name`; empty where it is silent of one.
std::vector<int64_t> readOfAll(std::span<const int64_t> processors, const std::string &folder,
                               const char *name) {
  std::vector<int64_t> found;
  for (int64_t cpu : processors) {
    std::optional<int64_t> number = readNumber(folder + "/cpu" + std::to_string(cpu) + "/" + name);
    if (!number)
      return {};
    found.push_back(*number);
  }
  return found;
}

/// How fast each processor is, in a unit of the system's: what it does at its highest clock, or
/// that clock. All 1 where the system does not tell.
std::vector<int64_t> speeds(std::span<const int64_t> processors, const std::string &folder) {
  for (const char *name : {"cpu_capacity", "cpufreq/cpuinfo_max_freq"})
    if (auto found = readOfAll(processors, folder, name); !found.empty())
      return found;
  return std::vector<int64_t>(processors.size(), 1);
}

} // namespace

int64_t availableProcessors() { return static_cast<int64_t>(processors().size()); }

int64_t countCores(std::span<const int64_t> processors, const std::string &systemFolder) {
  std::vector<int64_t> speed = speeds(processors, systemFolder);
  int64_t fastest = *std::ranges::max_element(speed);
  std::vector<int64_t> cores; // each by the first processor that shares it
  for (size_t i = 0; i < processors.size(); ++i) {
    std::string cpu = systemFolder + "/cpu" + std::to_string(processors[i]);
    if (speed[i] == fastest || speed[i] > fastest / 4 * 3)
      cores.push_back(readNumber(cpu + "/topology/thread_siblings_list").value_or(processors[i]));
  }
  std::ranges::sort(cores);
  return std::ranges::unique(cores).begin() - cores.begin();
}

int64_t availableCores(const std::string &systemFolder) {
  return countCores(processors(), systemFolder);
}

bool speedsDiffer(std::span<const int64_t> processors, const std::string &systemFolder) {
  auto [slowest, fastest] = std::ranges::minmax(speeds(processors, systemFolder));
  return slowest < fastest - fastest / 16;
}

bool coresDiffer(const std::string &systemFolder) {
  return speedsDiffer(processors(), systemFolder);
}

Result<int64_t> chooseThreads(int64_t asked) {
  int64_t most = std::max<int64_t>(sysconf(_SC_NPROCESSORS_CONF), 1);
  if (asked > most)
    return error("--threads " + std::to_string(asked) + ": this machine has " +
                 std::to_string(most) + (most == 1 ? " processor" : " processors"));
  return asked ? asked : availableCores();
}

} // namespace phirt
