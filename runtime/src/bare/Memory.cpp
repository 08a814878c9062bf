// The operators new and delete, without exceptions: a program that gets no memory says so and ends.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <new>

static void *allocate(size_t bytes, size_t alignment) {
  size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  void *memory = alignment > alignof(std::max_align_t) ? aligned_alloc(alignment, rounded)
                                                       : malloc(bytes ? bytes : 1);
  if (memory)
    return memory;
  fprintf(stderr, "phidias: error: out of memory: %zu bytes were asked for\n", bytes);
  exit(1);
}

void *operator new(size_t bytes) { return allocate(bytes, 1); }
void *operator new[](size_t bytes) { return allocate(bytes, 1); }
void *operator new(size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<size_t>(alignment));
}
void *operator new(size_t bytes, const std::nothrow_t &) noexcept { return malloc(bytes); }
void *operator new[](size_t bytes, const std::nothrow_t &) noexcept { return malloc(bytes); }
void operator delete(void *memory) noexcept { free(memory); }
void operator delete[](void *memory) noexcept { free(memory); }
void operator delete(void *memory, size_t) noexcept { free(memory); }
void operator delete[](void *memory, size_t) noexcept { free(memory); }
void operator delete(void *memory, std::align_val_t) noexcept { free(memory); }
void operator delete(void *memory, size_t, std::align_val_t) noexcept { free(memory); }
void operator delete(void *memory, const std::nothrow_t &) noexcept { free(memory); }
void operator delete[](void *memory, const std::nothrow_t &) noexcept { free(memory); }
