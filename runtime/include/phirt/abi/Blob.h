#pragma once
#include <cstdint>

namespace phirt::abi {

/// Read-only bytes that the compiler placed in the program, 16-byte aligned. `size` 0: absent.
struct Blob {
  const void *data;
  uint64_t size;
};

} // namespace phirt::abi
