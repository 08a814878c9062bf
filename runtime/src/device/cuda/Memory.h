#pragma once
#include "device/cuda/Driver.h"
#include <string_view>
#include <utility>

namespace phirt::cuda {

/// What the driver gave and gets back at the end, by the call `Free`. The driver outlives it.
template <class Value, auto Free> class Owned {
public:
  Owned() = default;
  Owned(const Driver &driver, Value value) : driver(&driver), value(value) {}
  Owned(Owned &&other) noexcept
      : driver(std::exchange(other.driver, nullptr)), value(other.value) {}
  Owned &operator=(Owned &&other) noexcept {
    std::swap(driver, other.driver);
    std::swap(value, other.value);
    return *this;
  }
  // What the driver says to it is of no use: a device that was lost answers all calls alike.
  ~Owned() {
    if (driver)
      (driver->all().*Free)(value);
  }
  const Value &operator*() const { return value; }

private:
  const Driver *driver = nullptr;
  Value value{};
};

using Context = Owned<DeviceHandle, &Calls::cuDevicePrimaryCtxRelease>;
using DeviceMemory = Owned<DevicePointer, &Calls::cuMemFree>;
using PinnedMemory = Owned<void *, &Calls::cuMemFreeHost>;
using Stream = Owned<Handle, &Calls::cuStreamDestroy>;
using Event = Owned<Handle, &Calls::cuEventDestroy>;
using GraphDescription = Owned<Handle, &Calls::cuGraphDestroy>;
using ExecutableGraph = Owned<Handle, &Calls::cuGraphExecDestroy>;
using Module = Owned<Handle, &Calls::cuModuleUnload>;

/// Of the device, uninitialised. `what` names it: "the weights".
Result<DeviceMemory> allocate(const Driver &driver, size_t bytes, std::string_view what);
/// Of this machine, which the device copies from and to by itself.
Result<PinnedMemory> allocatePinned(const Driver &driver, size_t bytes, std::string_view what);
Result<Stream> createStream(const Driver &driver);
Result<Event> createEvent(const Driver &driver);

} // namespace phirt::cuda
