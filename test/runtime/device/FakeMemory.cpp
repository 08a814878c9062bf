// The fake driver: memory of the device, pinned memory, and copies.

#include "FakeState.h"
#include <cstdlib>
#include <cstring>

using namespace fakecuda;

extern "C" {
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
  state->copiedBack += bytes;
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
}
