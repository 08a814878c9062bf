#pragma once
#include <cstdint>

namespace phidias {

/// What vector code needs to know of the machine.
struct VectorTarget {
  int64_t lanes = 16; ///< f32 lanes of a vector: 16 (AVX-512) or 8 (AVX2)
};

} // namespace phidias
