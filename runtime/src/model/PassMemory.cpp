#include "model/PassMemory.h"
#include <cstdio>

namespace phirt {

Result<PassMemory> planMemory(const abi::Model &model, int64_t positions) {
  PassMemory memory{};
  memory.capacity = (positions + abi::kCapacityUnit - 1) / abi::kCapacityUnit * abi::kCapacityUnit;
  memory.arena = model.code->arenaBytes;
  if (__builtin_mul_overflow(model.cacheBytesPerPosition, memory.capacity, &memory.cache) ||
      __builtin_mul_overflow(model.maxTokens * sizeof(float), model.vocab, &memory.logits))
    return error("--context " + std::to_string(positions) + ": too much memory");
  return memory;
}

std::string gigabytes(size_t bytes) {
  char text[32];
  snprintf(text, sizeof text, "%.1f GB", static_cast<double>(bytes) * 1e-9);
  return text;
}

} // namespace phirt
