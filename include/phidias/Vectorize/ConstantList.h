#pragma once
/// Lists of constants that vector code reads from memory.

#include "phidias/Vectorize/Emitter.h"

namespace phidias::vec {

/// A constant memref<nxf32> of `op`'s module that holds `values`; equal lists share one. Adds a
/// global to the module: not for passes that run on several functions at a time.
mlir::Value constantList(const Emitter &e, mlir::Operation *op, mlir::DenseElementsAttr values);

} // namespace phidias::vec
