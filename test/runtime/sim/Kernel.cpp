#include "Kernel.h"
#include "threads/Team.h"
#include <cstdlib>
#include <cstring>

using namespace phirt::abi;

static const Code kCode{};
extern "C" const Model phirt_model = [] {
  Model model{};
  model.weightsBytes = sizeof(WeightsHeader) + 256;
  model.vocab = 8;
  model.cacheBytesPerPosition = 64;
  model.codes = &kCode;
  model.codeCount = 1;
  return model;
}();

namespace simtest {
namespace {

const Kernel *running;
std::string sites;
SimKernel description;

void runBody(const ForwardArgs *args) { running->body(*args); }
void launch(const ForwardArgs *args) { phisim_launch(args, &description); }

void describeKernel(const Kernel &kernel) {
  sites.clear();
  for (int line = 0; line < 10; ++line)
    sites +=
        "kernel\tsite " + std::to_string(line) + "\tkernel.mlir:" + std::to_string(line) + "\n";
  description = {"test",
                 runBody,
                 sites.c_str(),
                 kernel.threads,
                 kernel.sharedBytes,
                 kernel.arenaBytes,
                 nullptr,
                 nullptr,
                 0,
                 kernel.regions.data(),
                 static_cast<int64_t>(kernel.regions.size())};
}

} // namespace

std::vector<int32_t> Kernel::run(std::vector<int32_t> arena) const {
  arena.resize(arenaBytes / 4);
  // Apart: who misses one must not hit another.
  alignas(64) static std::byte memory[4096];
  std::byte *weights = memory, *cache = memory + 2048;
  static int32_t tokens[4];
  static float logits[8];
  running = this;
  describeKernel(*this);
  setenv("PHISIM_BLOCKS", std::to_string(blocks).c_str(), 1);
  setenv("PHISIM_LAUNCH", regions.empty() ? "persistent" : "chain", 1);
  ForwardArgs args{};
  args.weights = weights;
  args.arena = reinterpret_cast<std::byte *>(arena.data());
  args.cache = cache;
  args.tokens = tokens;
  args.logits = logits;
  args.count = this->tokens;
  args.capacity = 16;
  args.logitRows = 1;
  auto team = phirt::Team::start(cpuThreads, launch);
  (*team)->run(args);
  return arena;
}

int64_t thread() { return phisim_thread_id(0); }
int64_t lane() { return phisim_lane_id(); }
std::byte *shared(int64_t at) { return static_cast<std::byte *>(phisim_shared()) + at; }

int32_t load(const void *address, int32_t site) {
  phisim_access(address, 4, 4, kSimRead, site);
  int32_t value;
  memcpy(&value, address, sizeof value);
  return value;
}

void store(void *address, int32_t value, int32_t site) {
  phisim_access(address, 4, 4, kSimWrite, site);
  memcpy(address, &value, sizeof value);
}

} // namespace simtest
