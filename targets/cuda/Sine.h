#pragma once
/// Sine and cosine without a library.

#include "phidias/Vectorize/Emitter.h"

namespace phidias::cuda {

struct Turn {
  mlir::Value cosine, sine; ///< f32
};

/// Of a finite f32 up to 2^30 in magnitude: each within 1.6 ulp of the true value.
Turn emitTurn(const vec::Emitter &e, mlir::Value angle);

} // namespace phidias::cuda
