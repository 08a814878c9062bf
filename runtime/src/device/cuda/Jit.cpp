#include "device/cuda/Jit.h"
#include <string>

namespace phirt::cuda {
namespace {

/// What the compiler says of an error.
struct Log {
  char text[4096] = "";
  JitOption names[2] = {JitOption::ErrorLog, JitOption::ErrorLogBytes};
  void *values[2] = {text, reinterpret_cast<void *>(uintptr_t(sizeof text - 1))};

  std::string firstLine() const {
    std::string line(text);
    size_t start = line.find_first_not_of(" \t\n");
    return start == line.npos ? "" : line.substr(start, line.find('\n', start) - start);
  }
};

/// Empty where the driver refuses it.
std::string link(const Driver &driver, const abi::DeviceImage &image, Handle state) {
  void *cubin = nullptr;
  size_t bytes = 0;
  // The driver takes the zero at the end for a part of the text.
  Code code = driver->cuLinkAddData(state, kJitInputPtx, const_cast<char *>(image.ptx),
                                    image.bytes + 1, "phidias", 0, nullptr, nullptr);
  if (code == kSuccess)
    code = driver->cuLinkComplete(state, &cubin, &bytes);
  if (code != kSuccess || !cubin)
    return "";
  return {static_cast<const char *>(cubin), bytes};
}

} // namespace

std::string compile(const Driver &driver, const abi::DeviceImage &image) {
  // What ends with a must be asked for by name; otherwise the context's own capability holds.
  JitOption names[] = {JitOption::Target};
  void *values[] = {reinterpret_cast<void *>(kAcceleratedTarget + image.capability)};
  Handle state = nullptr;
  if (driver->cuLinkCreate(image.exact ? 1 : 0, names, values, &state) != kSuccess)
    return "";
  std::string cubin = link(driver, image, state);
  driver->cuLinkDestroy(state);
  return cubin;
}

Result<Module> loadImage(const Driver &driver, const void *image) {
  Log log;
  Handle module = nullptr;
  Code code = driver->cuModuleLoadDataEx(&module, image, 2, log.names, log.values);
  if (Status status = driver.check(code, "loading the kernel"); !status) {
    std::string line = log.firstLine();
    return error(status.error().message + (line.empty() ? "" : ": " + line));
  }
  return Module(driver, module);
}

} // namespace phirt::cuda
