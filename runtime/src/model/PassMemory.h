#pragma once
#include "phirt/Status.h"
#include "phirt/abi.h"
#include <cstddef>
#include <string>

namespace phirt {

/// Bytes that passes need besides the weights.
struct PassMemory {
  int64_t capacity; ///< positions that the cache has room for, a multiple of kCapacityUnit
  size_t arena, cache, logits;
};

/// For a context of `positions`; an error where that is more than can be counted.
Result<PassMemory> planMemory(const abi::Model &model, int64_t positions);

/// "12.3 GB".
std::string gigabytes(size_t bytes);

} // namespace phirt
