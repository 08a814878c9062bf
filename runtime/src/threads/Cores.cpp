#include "threads/Cores.h"
#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
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

/// The first processor of those that share a core with `cpu`; `cpu` itself where the system does
/// not tell.
int64_t firstSibling(const std::string &folder, int64_t cpu) {
  std::string path = folder + "/cpu" + std::to_string(cpu) + "/topology/thread_siblings_list";
  char text[64] = "";
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ssize_t length = file < 0 ? 0 : read(file, text, sizeof text - 1);
  if (file >= 0)
    close(file);
  return length > 0 && text[0] >= '0' && text[0] <= '9' ? strtoll(text, nullptr, 10) : cpu;
}

} // namespace

int64_t availableProcessors() { return static_cast<int64_t>(processors().size()); }

int64_t availableCores(const std::string &systemFolder) {
  std::vector<int64_t> cores;
  for (int64_t cpu : processors())
    cores.push_back(firstSibling(systemFolder, cpu));
  std::sort(cores.begin(), cores.end());
  return std::unique(cores.begin(), cores.end()) - cores.begin();
}

Result<int64_t> chooseThreads(int64_t asked) {
  int64_t most = std::max<int64_t>(sysconf(_SC_NPROCESSORS_CONF), 1);
  if (asked > most)
    return error("--threads " + std::to_string(asked) + ": this machine has " +
                 std::to_string(most) + (most == 1 ? " processor" : " processors"));
  return asked ? asked : availableCores();
}

} // namespace phirt
