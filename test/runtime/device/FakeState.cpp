// The state of the fake driver, and how calls come in.

#include "FakeState.h"
#include <cstdio>
#include <cstdlib>

namespace fakecuda {

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

Code enter(const char *name, bool needsContext) {
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

} // namespace fakecuda

using namespace fakecuda;

extern "C" const fakecuda::Control *fakeCudaControl() {
  static constexpr Control control = {
      [] {
        std::lock_guard lock(mutex);
        state = new State; // what was held is lost, and may still be named
        current = nullptr;
      },
      [](Kernel *kernel) { state->kernel = kernel; },
      [] {
        return state->memory.size() + state->pinned.size() + state->streams.size() +
               state->events.size() + state->modules.size() + state->links.size() +
               state->contexts + state->graphs.size();
      },
      [](const char *name) { return state->counts[name]; },
      [] { return state->copiedBack; },
  };
  return &control;
}
