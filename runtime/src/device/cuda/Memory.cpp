#include "device/cuda/Memory.h"
#include <algorithm>
#include <string>

namespace phirt::cuda {

/// What a call has stored in `value`, owned.
template <class Owner, class Value>
static Result<Owner> own(const Driver &driver, Code code, const Value &value,
                         const std::string &doing) {
  if (Status status = driver.check(code, doing); !status)
    return std::unexpected(status.error());
  return Owner(driver, value);
}

static std::string reserving(size_t bytes, std::string_view what) {
  return "reserving " + std::to_string(bytes) + " bytes for " + std::string(what);
}

Result<DeviceMemory> allocate(const Driver &driver, size_t bytes, std::string_view what) {
  DevicePointer memory = 0;
  Code code = driver->cuMemAlloc(&memory, std::max<size_t>(bytes, 1)); // it refuses 0
  return own<DeviceMemory>(driver, code, memory, reserving(bytes, what));
}

Result<PinnedMemory> allocatePinned(const Driver &driver, size_t bytes, std::string_view what) {
  void *memory = nullptr;
  Code code = driver->cuMemAllocHost(&memory, std::max<size_t>(bytes, 1));
  return own<PinnedMemory>(driver, code, memory, reserving(bytes, what));
}

Result<Stream> createStream(const Driver &driver) {
  Handle stream = nullptr;
  Code code = driver->cuStreamCreate(&stream, kStreamNonBlocking);
  return own<Stream>(driver, code, stream, "making a stream");
}

Result<Event> createEvent(const Driver &driver) {
  Handle event = nullptr;
  Code code = driver->cuEventCreate(&event, kEventDisableTiming);
  return own<Event>(driver, code, event, "making an event");
}

} // namespace phirt::cuda
