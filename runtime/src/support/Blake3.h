#pragma once
#include <array>
#include <cstddef>
#include <llvm-c/blake3.h>
#include <span>

namespace phirt {

/// BLAKE3, as LLVM carries it.
class Blake3 {
public:
  using Digest = std::array<unsigned char, LLVM_BLAKE3_OUT_LEN>;

  Blake3() { llvm_blake3_hasher_init(&hasher); }
  void update(std::span<const std::byte> bytes) {
    llvm_blake3_hasher_update(&hasher, bytes.data(), bytes.size());
  }
  Digest digest() const {
    Digest out;
    llvm_blake3_hasher_finalize(&hasher, out.data(), out.size());
    return out;
  }

private:
  llvm_blake3_hasher hasher;
};

} // namespace phirt
