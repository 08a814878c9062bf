// A libcuda.so.1 on the memory of this machine. What is asynchronous waits in its stream until
// someone waits for it, so that a buffer used again too early is seen; new memory holds rubbish;
// calls without a current context, and copies beyond an allocation, are errors.

#include "FakeCuda.h"
#include "ToyKernel.h"
#include "device/cuda/Calls.h"
#include "phirt/abi.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

using namespace phirt::cuda;

namespace {

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
  int contexts = 0, launches = 0;
  Code lost = kSuccess;
  size_t used = 0;
  fakecuda::Kernel *kernel = nullptr;
};

std::recursive_mutex mutex;
State *state = new State;
thread_local Handle current = nullptr;
int contextTag, gpuOfContext = 0;

const char *setting(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value ? value : otherwise;
}

std::vector<FakeGpu> gpus() {
  std::string text = setting("FAKE_CUDA_GPUS", "90:4:1000000000:Fake H100");
  std::vector<FakeGpu> all;
  for (size_t at = 0; at < text.size();) {
    std::string one = text.substr(at, text.find(';', at) - at);
    at += one.size() + 1;
    FakeGpu gpu{};
    char name[128] = "";
    if (sscanf(one.c_str(), "%d:%d:%zu:%127[^\n]", &gpu.capability, &gpu.multiprocessors,
               &gpu.memory, name) == 4) {
      gpu.name = name;
      all.push_back(gpu);
    }
  }
  return all;
}

/// The calls of a program, in the order that they came; and the faults that a test wants.
Code enter(const char *name, bool needsContext = true) {
  size_t count = ++state->counts[name];
  if (const char *path = getenv("FAKE_CUDA_LOG"))
    if (FILE *file = fopen(path, "a")) {
      fprintf(file, "%s\n", name);
      fclose(file);
    }
  std::string fail = setting("FAKE_CUDA_FAIL", "");
  size_t nth = 0;
  int code = 0;
  char call[128] = "";
  if (sscanf(fail.c_str(), "%127[^:]:%zu:%d", call, &nth, &code) == 3 &&
      call == std::string(name) && nth == count)
    return code;
  if (needsContext && !current)
    return kInvalidContext;
  return needsContext ? state->lost : kSuccess;
}

#define ENTER(...)                                                                                 \
  std::lock_guard lock(mutex);                                                                     \
  if (Code code = enter(__func__ __VA_OPT__(, ) __VA_ARGS__))                                      \
  return code

template <class Map, class Key> bool contains(const Map &map, Key from, size_t bytes) {
  auto after = map.upper_bound(from);
  if (after == map.begin())
    return false;
  auto [start, size] = *std::prev(after);
  return from + bytes <= start + size;
}

Code drain(FakeStream *stream, size_t upTo) {
  while (stream->done < upTo && !state->lost) {
    ++stream->done;
    auto work = std::move(stream->work.front());
    stream->work.pop_front();
    state->lost = work();
  }
  return state->lost;
}

Code enqueue(Handle handle, std::function<Code()> work) {
  auto *stream = static_cast<FakeStream *>(handle);
  if (!state->streams.contains(stream))
    return kInvalidValue;
  stream->work.push_back(std::move(work));
  ++stream->queued;
  return kSuccess;
}

/// Text up to a zero, as the driver reads it.
Code checkImage(const std::string &image, char *log, size_t bytes) {
  if (image.starts_with("CUBIN ") || image.find(".version ") != image.npos) {
    if (image.find("BAD") == image.npos)
      return kSuccess;
    if (log)
      snprintf(log, bytes, "\nptxas fatal   : a bad instruction\nptxas fatal   : aborted\n");
    return kInvalidPtx;
  }
  return kInvalidImage;
}

int blocksAtOnce(int blockThreads, size_t sharedBytes) {
  return static_cast<int>(
      std::min<size_t>(2048 / blockThreads, (228 << 10) / (sharedBytes + 1024)));
}

} // namespace

extern "C" {
const fakecuda::Control *fakeCudaControl() {
  static constexpr fakecuda::Control control = {
      [] {
        std::lock_guard lock(mutex);
        state = new State; // what was held is lost, and may still be named
        current = nullptr;
      },
      [](fakecuda::Kernel *kernel) { state->kernel = kernel; },
      [] {
        return state->memory.size() + state->pinned.size() + state->streams.size() +
               state->events.size() + state->modules.size() + state->links.size() + state->contexts;
      },
      [](const char *name) { return state->counts[name]; },
  };
  return &control;
}

Code cuInit(unsigned flags) {
  ENTER(false);
  return flags == 0 ? kSuccess : kInvalidValue;
}
Code cuDriverGetVersion(int *version) {
  ENTER(false);
  *version = atoi(setting("FAKE_CUDA_VERSION", "12040"));
  return kSuccess;
}
Code cuGetErrorName(Code code, const char **text) {
  ENTER(false);
  static std::map<Code, const char *> names = {{1, "CUDA_ERROR_INVALID_VALUE"},
                                               {2, "CUDA_ERROR_OUT_OF_MEMORY"},
                                               {100, "CUDA_ERROR_NO_DEVICE"},
                                               {200, "CUDA_ERROR_INVALID_IMAGE"},
                                               {201, "CUDA_ERROR_INVALID_CONTEXT"},
                                               {218, "CUDA_ERROR_INVALID_PTX"},
                                               {500, "CUDA_ERROR_NOT_FOUND"},
                                               {719, "CUDA_ERROR_LAUNCH_FAILED"},
                                               {720, "CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE"},
                                               {999, "CUDA_ERROR_UNKNOWN"}};
  auto found = names.find(code);
  *text = found == names.end() ? nullptr : found->second;
  return *text ? kSuccess : kInvalidValue;
}
Code cuGetErrorString(Code, const char **text) {
  ENTER(false);
  *text = "a fake fault";
  return kSuccess;
}
Code cuDeviceGetCount(int *count) {
  ENTER(false);
  *count = static_cast<int>(gpus().size());
  return kSuccess;
}
Code cuDeviceGet(DeviceHandle *device, int ordinal) {
  ENTER(false);
  if (ordinal < 0 || ordinal >= static_cast<int>(gpus().size()))
    return 101;
  *device = 40 + ordinal; // a handle is not a number
  return kSuccess;
}
Code cuDeviceGetName(char *name, int bytes, DeviceHandle device) {
  ENTER(false);
  snprintf(name, bytes, "%s", gpus()[device - 40].name.c_str());
  return kSuccess;
}
Code cuDeviceGetAttribute(int *value, Attribute attribute, DeviceHandle device) {
  ENTER(false);
  FakeGpu gpu = gpus()[device - 40];
  std::map<Attribute, int> values = {{Attribute::MultiprocessorCount, gpu.multiprocessors},
                                     {Attribute::CapabilityMajor, gpu.capability / 10},
                                     {Attribute::CapabilityMinor, gpu.capability % 10},
                                     {Attribute::CooperativeLaunch, 1}};
  *value = values.at(attribute);
  return kSuccess;
}
Code cuDeviceTotalMem_v2(size_t *bytes, DeviceHandle device) {
  ENTER(false);
  *bytes = gpus()[device - 40].memory;
  return kSuccess;
}
Code cuDevicePrimaryCtxRetain(Handle *context, DeviceHandle device) {
  ENTER(false);
  *context = &contextTag;
  gpuOfContext = device - 40;
  ++state->contexts;
  return kSuccess;
}
Code cuDevicePrimaryCtxRelease_v2(DeviceHandle) {
  ENTER(false);
  --state->contexts;
  return kSuccess;
}
Code cuCtxSetCurrent(Handle context) {
  ENTER(false);
  current = context;
  return kSuccess;
}
Code cuMemGetInfo_v2(size_t *free, size_t *total) {
  ENTER();
  *total = gpus()[gpuOfContext].memory;
  *free = *total - state->used;
  return kSuccess;
}
Code cuLinkCreate_v2(unsigned, JitOption *, void **, Handle *link) {
  ENTER();
  *link = *state->links.insert(new std::string).first;
  return kSuccess;
}
Code cuLinkAddData_v2(Handle link, int type, void *data, size_t bytes, const char *, unsigned,
                      JitOption *, void **) {
  ENTER();
  auto *text = static_cast<const char *>(data);
  if (type != kJitInputPtx || text[bytes - 1] != 0 || strlen(text) != bytes - 1 ||
      getenv("FAKE_CUDA_NO_LINK"))
    return kInvalidPtx;
  *static_cast<std::string *>(link) = "CUBIN of " + std::string(text);
  return checkImage(text, nullptr, 0);
}
Code cuLinkComplete(Handle link, void **cubin, size_t *bytes) {
  ENTER();
  auto &text = *static_cast<std::string *>(link);
  *cubin = text.data();
  *bytes = text.size() + 1;
  return kSuccess;
}
Code cuLinkDestroy(Handle link) {
  ENTER();
  auto *text = static_cast<std::string *>(link);
  text->assign(text->size(), '?'); // what it gave goes with it
  state->links.erase(text);
  delete text;
  return kSuccess;
}
Code cuModuleLoadDataEx(Handle *module, const void *image, unsigned options, JitOption *names,
                        void **values) {
  ENTER();
  char *log = nullptr;
  size_t bytes = 0;
  for (unsigned i = 0; i < options; ++i) {
    if (names[i] == JitOption::ErrorLog)
      log = static_cast<char *>(values[i]);
    if (names[i] == JitOption::ErrorLogBytes)
      bytes = reinterpret_cast<uintptr_t>(values[i]);
  }
  std::string text = static_cast<const char *>(image);
  if (Code code = checkImage(text, log, bytes))
    return code;
  *module = *state->modules.insert(new FakeModule{text}).first;
  return kSuccess;
}
Code cuModuleUnload(Handle module) {
  ENTER();
  state->modules.erase(static_cast<FakeModule *>(module));
  return kSuccess;
}
Code cuModuleGetFunction(Handle *function, Handle module, const char *name) {
  ENTER();
  if (static_cast<FakeModule *>(module)->image.find(name) == std::string::npos)
    return kNotFound;
  *function = module;
  return kSuccess;
}
Code cuFuncSetAttribute(Handle function, FunctionAttribute attribute, int value) {
  ENTER();
  if (attribute != FunctionAttribute::MaxDynamicSharedBytes || value > 227 << 10)
    return kInvalidValue;
  static_cast<FakeModule *>(function)->sharedBytes = value;
  return kSuccess;
}
Code cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, Handle, int blockThreads,
                                                 size_t sharedBytes) {
  ENTER();
  *blocks = blocksAtOnce(blockThreads, sharedBytes);
  return kSuccess;
}
Code cuLaunchCooperativeKernel(Handle function, unsigned gridX, unsigned gridY, unsigned gridZ,
                               unsigned blockX, unsigned blockY, unsigned blockZ,
                               unsigned sharedBytes, Handle stream, void **parameters) {
  ENTER();
  int fits = blocksAtOnce(blockX, sharedBytes) * gpus()[gpuOfContext].multiprocessors;
  if (static_cast<int>(gridX) > fits)
    return kTooLarge;
  if (gridY * gridZ * blockY * blockZ != 1 ||
      static_cast<int>(sharedBytes) > static_cast<FakeModule *>(function)->sharedBytes)
    return kInvalidValue;
  bool isLost = ++state->launches == atoi(setting("FAKE_CUDA_LOSE", "0"));
  auto argument = *static_cast<phirt::abi::ForwardArgs *>(parameters[0]);
  return enqueue(stream, [=]() mutable {
    auto *kernel = state->kernel ? state->kernel : runToyKernel;
    return !isLost && kernel(&argument, gridX, blockX, sharedBytes) ? kSuccess : kLaunchFailed;
  });
}
Code cuMemAlloc_v2(DevicePointer *memory, size_t bytes) {
  ENTER();
  if (bytes == 0)
    return kInvalidValue;
  if (state->used + bytes > gpus()[gpuOfContext].memory)
    return kOutOfMemory;
  void *start = aligned_alloc(512, (bytes + 511) / 512 * 512);
  memset(start, 0xA5, bytes);
  *memory = reinterpret_cast<DevicePointer>(start);
  state->memory[*memory] = bytes;
  state->used += bytes;
  return kSuccess;
}
Code cuMemFree_v2(DevicePointer memory) {
  ENTER();
  auto found = state->memory.find(memory);
  if (found == state->memory.end())
    return kInvalidValue;
  state->used -= found->second;
  state->memory.erase(found);
  free(reinterpret_cast<void *>(memory));
  return kSuccess;
}
Code cuMemAllocHost_v2(void **memory, size_t bytes) {
  ENTER();
  *memory = malloc(bytes);
  state->pinned[static_cast<char *>(*memory)] = bytes;
  return kSuccess;
}
Code cuMemFreeHost(void *memory) {
  ENTER();
  state->pinned.erase(static_cast<char *>(memory));
  free(memory);
  return kSuccess;
}
Code cuMemcpyHtoDAsync_v2(DevicePointer to, const void *from, size_t bytes, Handle stream) {
  ENTER();
  if (!contains(state->memory, to, bytes) ||
      !contains(state->pinned, static_cast<char *>(const_cast<void *>(from)), bytes))
    return kInvalidValue;
  return enqueue(stream, [=] {
    memcpy(reinterpret_cast<void *>(to), from, bytes);
    return kSuccess;
  });
}
Code cuMemcpyDtoHAsync_v2(void *to, DevicePointer from, size_t bytes, Handle stream) {
  ENTER();
  if (!contains(state->memory, from, bytes))
    return kInvalidValue;
  return enqueue(stream, [=] {
    memcpy(to, reinterpret_cast<void *>(from), bytes);
    return kSuccess;
  });
}
Code cuMemsetD8Async(DevicePointer memory, unsigned char value, size_t bytes, Handle stream) {
  ENTER();
  if (!contains(state->memory, memory, bytes))
    return kInvalidValue;
  return enqueue(stream, [=] {
    memset(reinterpret_cast<void *>(memory), value, bytes);
    return kSuccess;
  });
}
Code cuStreamCreate(Handle *stream, unsigned) {
  ENTER();
  *stream = *state->streams.insert(new FakeStream).first;
  return kSuccess;
}
Code cuStreamSynchronize(Handle stream) {
  ENTER();
  auto *fake = static_cast<FakeStream *>(stream);
  return drain(fake, fake->queued);
}
Code cuStreamDestroy_v2(Handle stream) {
  ENTER();
  state->streams.erase(static_cast<FakeStream *>(stream));
  return kSuccess;
}
Code cuEventCreate(Handle *event, unsigned) {
  ENTER();
  *event = *state->events.insert(new FakeEvent).first;
  return kSuccess;
}
Code cuEventRecord(Handle event, Handle stream) {
  ENTER();
  auto *fake = static_cast<FakeStream *>(stream);
  *static_cast<FakeEvent *>(event) = {fake, fake->queued};
  return kSuccess;
}
Code cuEventSynchronize(Handle event) {
  ENTER();
  auto *fake = static_cast<FakeEvent *>(event);
  return fake->stream ? drain(fake->stream, fake->at) : kSuccess;
}
Code cuEventDestroy_v2(Handle event) {
  ENTER();
  state->events.erase(static_cast<FakeEvent *>(event));
  return kSuccess;
}
}

// Every call has the type that programs call it by.
static_assert([] {
#define SAME_TYPE(name, exported, parameters) [[maybe_unused]] Code(*name) parameters = ::exported;
  PHIRT_CUDA_CALLS(SAME_TYPE)
  return true;
}());
