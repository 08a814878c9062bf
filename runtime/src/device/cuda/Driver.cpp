#include "device/cuda/Driver.h"
#include <dlfcn.h>
#include <string>

namespace phirt::cuda {

static constexpr const char *kLibrary = "libcuda.so.1";

static Result<void *> openLibrary() {
  if (void *library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL))
    return library;
  const char *text = dlerror();
  std::string_view reason = text ? text : "";
  // "libcuda.so.1: cannot open shared object file: No such file or directory". Others, as that one
  // of its own libraries is missing, are worth reading.
  if (reason.empty() || reason.starts_with(std::string(kLibrary) + ": cannot open"))
    return error("this program runs on NVIDIA GPUs: libcuda.so.1 was not found (is the driver "
                 "installed?)");
  return error("this program runs on NVIDIA GPUs: libcuda.so.1 cannot be loaded: " +
               std::string(reason));
}

template <class Call> static Status find(void *library, const char *name, Call &call) {
  call = reinterpret_cast<Call>(dlsym(library, name));
  if (call)
    return {};
  return error("the NVIDIA driver is too old: its libcuda.so.1 has no " + std::string(name));
}

static Result<Calls> findCalls(void *library) {
  Calls calls{};
  Status status;
#define PHIRT_CUDA_FIND(name, exported, parameters)                                                \
  if (status)                                                                                      \
    status = find(library, #exported, calls.name);
  PHIRT_CUDA_CALLS(PHIRT_CUDA_FIND)
#undef PHIRT_CUDA_FIND
  if (!status)
    return std::unexpected(status.error());
  return calls;
}

/// Those of graphs, or, where any is missing, none.
static bool findGraphCalls(void *library, Calls &calls) {
  bool all = true;
#define PHIRT_CUDA_FIND(name, exported, parameters)                                                \
  all &= find(library, #exported, calls.name).has_value();
  PHIRT_CUDA_GRAPH_CALLS(PHIRT_CUDA_FIND)
#undef PHIRT_CUDA_FIND
  return all;
}

Result<Driver> Driver::open() {
  Result<void *> library = openLibrary();
  if (!library)
    return std::unexpected(library.error());
  Result<Calls> calls = findCalls(*library);
  if (!calls)
    return std::unexpected(calls.error());
  Driver driver;
  driver.calls = *calls;
  driver.graphs = findGraphCalls(*library, driver.calls);
  if (Status status = driver.start(); !status)
    return std::unexpected(status.error());
  return driver;
}

Status Driver::start() {
  Code code = calls.cuInit(0);
  if (code == kNoDevice)
    return error("this program runs on NVIDIA GPUs: the driver finds none (CUDA_ERROR_NO_DEVICE)");
  if (Status status = check(code, "starting the driver"); !status)
    return status;
  return check(calls.cuDriverGetVersion(&cudaVersion), "asking for the driver's version");
}

Status Driver::check(Code code, std::string_view doing) const {
  if (code == kSuccess)
    return {};
  const char *name = nullptr, *text = nullptr;
  if (calls.cuGetErrorName(code, &name) != kSuccess || !name)
    name = "an unknown error";
  if (calls.cuGetErrorString(code, &text) != kSuccess || !text)
    text = "no description";
  return error("the NVIDIA driver failed " + std::string(doing) + ": " + name + " (" +
               std::to_string(code) + ", " + text + ")");
}

} // namespace phirt::cuda
