#pragma once
/// Damage for fuzz tests: seeded, so that a failure can be repeated.

#include "phidias/Import/Phi/Model.h"
#include <gtest/gtest.h>
#include <random>

namespace phidias::test {

class Mutator {
public:
  explicit Mutator(uint32_t seed) : random(seed) {}

  /// A copy with one to four damages among the first `front` bytes, where the headers are.
  std::string mutate(std::string bytes, size_t front) {
    for (size_t count = 1 + below(4); count > 0; --count)
      damage(bytes, std::min(front, bytes.size()));
    return bytes;
  }

private:
  size_t below(size_t limit) { return limit ? random() % limit : 0; }

  void damage(std::string &bytes, size_t front) {
    if (front < 16)
      return;
    size_t at = below(front - 8), length = 1 + below(32);
    switch (below(7)) {
    case 0: // flip a bit
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
      break;
    case 1: // another byte
      bytes[at] = static_cast<char>(random());
      break;
    case 2: // a number that is an edge
      std::copy_n(reinterpret_cast<const char *>(&kEdges[below(std::size(kEdges))]), 8,
                  bytes.begin() + static_cast<ptrdiff_t>(at));
      break;
    case 3: // a small number as u32
      bytes.replace(at, 4, {static_cast<char>(below(64)), 0, 0, 0});
      break;
    case 4: // cut out
      bytes.erase(at, length);
      break;
    case 5: // put in a copy of what stands elsewhere
      bytes.insert(at, bytes.substr(below(front), length));
      break;
    default: // the file ends
      if (below(4) == 0)
        bytes.resize(below(bytes.size()));
    }
  }

  static constexpr uint64_t kEdges[] = {0,          1,          0x7fffffff,         0x80000000,
                                        0xffffffff, 1ull << 32, 0x7fffffffffffffff, 1ull << 63,
                                        ~0ull,      ~31ull,     0x4000000000000000, 1ull << 24};
  std::mt19937 random;
};

/// Reads the first and last byte of every weight, and decodes one block of it.
inline void touchAll(const Model &model) {
  uint64_t sum = 0;
  for (const TensorInfo &tensor : model.checkpoint.tensors) {
    llvm::ArrayRef<uint8_t> bytes = model.checkpoint.bytes(tensor);
    sum += bytes.front() + bytes.back();
    std::vector<float> block(layoutOf(tensor.type).blockElements);
    decodeElements(tensor.type, bytes.data(), static_cast<int64_t>(block.size()), block.data());
  }
  EXPECT_NE(sum, ~0ull); // uses it
}

inline void expectOneLine(const std::string &message, uint32_t seed, int mutation) {
  EXPECT_FALSE(message.empty());
  for (char c : message)
    if (static_cast<unsigned char>(c) < 0x20) {
      ADD_FAILURE() << "seed " << seed << " mutation " << mutation << ": " << message;
      return;
    }
}

} // namespace phidias::test
