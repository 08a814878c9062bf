#pragma once
/// What the files of the fake driver share: a libcuda.so.1 on the memory of this machine. What is
/// asynchronous waits in its stream until someone waits for it, so that a buffer used again too
/// early is seen; new memory holds rubbish; calls without a current context, and copies beyond an
/// allocation, are errors.

#include "FakeCuda.h"
#include "device/cuda/Calls.h"
#include "phirt/abi.h"
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

// A definition of another type than programs call it by does not compile.
extern "C" {
using phirt::cuda::Attribute, phirt::cuda::Code, phirt::cuda::DeviceHandle,
    phirt::cuda::DevicePointer, phirt::cuda::FunctionAttribute, phirt::cuda::Handle,
    phirt::cuda::JitOption, phirt::cuda::KernelNode;
#define FAKE_DECLARE(name, exported, parameters) Code exported parameters;
PHIRT_CUDA_CALLS(FAKE_DECLARE)
PHIRT_CUDA_GRAPH_CALLS(FAKE_DECLARE)
#undef FAKE_DECLARE
}

namespace fakecuda {

using phirt::cuda::kSuccess;

enum : Code {
  kInvalidValue = 1,
  kOutOfMemory = 2,
  kInvalidImage = 200,
  kInvalidContext = 201,
  kInvalidPtx = 218,
  kNotFound = 500,
  kLaunchFailed = 719,
  kTooLarge = 720,
};

struct FakeStream {
  std::deque<std::function<Code()>> work;
  size_t done = 0, queued = 0;
};
struct FakeEvent {
  FakeStream *stream = nullptr;
  size_t at = 0;
};
struct FakeModule {
  std::string image;
  int sharedBytes = 48 << 10; ///< what a launch may have without being asked for
};
/// A kernel's launch, with its argument as it was then.
struct FakeLaunch {
  Handle function;
  unsigned grid[3], block[3], sharedBytes;
  bool isCooperative;
  phirt::abi::ForwardArgs argument;
};
struct FakeNode {
  FakeLaunch launch;
  std::vector<FakeNode *> before;
};
struct FakeGraph { ///< or one that can be launched
  std::vector<std::unique_ptr<FakeNode>> nodes;
};
struct FakeGpu {
  int capability, multiprocessors;
  size_t memory;
  std::string name;
};

struct State {
  std::map<std::string, size_t> counts;
  std::map<DevicePointer, size_t> memory;
  std::map<char *, size_t> pinned;
  std::set<FakeStream *> streams;
  std::set<FakeEvent *> events;
  std::set<FakeModule *> modules;
  std::set<std::string *> links;
  std::set<FakeGraph *> graphs;
  int contexts = 0, launches = 0;
  Code lost = kSuccess;
  size_t used = 0;       ///< bytes of the device
  size_t copiedBack = 0; ///< bytes, to this machine
  Kernel *kernel = nullptr;
};

extern std::recursive_mutex mutex;
extern State *state;
extern thread_local Handle current; ///< context
extern int contextTag, gpuOfContext;

/// A variable of the environment.
const char *setting(const char *name, const char *otherwise);
std::vector<FakeGpu> gpus();
/// Notes a call, in the order that they came; and has the faults that a test wants.
Code enter(const char *name, bool needsContext = true);
/// Runs what waits in a stream, up to its `upTo`th piece of work since the start.
Code drain(FakeStream *stream, size_t upTo);
Code enqueue(Handle stream, std::function<Code()> work);

/// kSuccess where the GPU takes it.
Code checkLaunch(const FakeLaunch &launch);
/// What runs it, as if it came to its turn in a stream now or later.
std::function<Code()> workOf(FakeLaunch launch);

/// The first line of a call.
#define ENTER(...)                                                                                 \
  std::lock_guard lock(mutex);                                                                     \
  if (Code code = enter(__func__ __VA_OPT__(, ) __VA_ARGS__))                                      \
  return code

/// Whether `bytes` from `from` on are of one allocation.
template <class Map, class Key> bool contains(const Map &map, Key from, size_t bytes) {
  auto after = map.upper_bound(from);
  if (after == map.begin())
    return false;
  auto [start, size] = *std::prev(after);
  return from + bytes <= start + size;
}

} // namespace fakecuda
