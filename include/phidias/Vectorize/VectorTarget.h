#pragma once
#include "mlir/IR/Types.h"

namespace phidias {

namespace phi {
class MachineAttr;
}

/// What vector code needs to know of the machine; see #phi.machine.
struct VectorTarget {
  int64_t lanes = 16;     ///< f32 lanes of a vector: 16 (AVX-512), 8 (AVX2) or 4 (NEON)
  int64_t registers = 32; ///< vectors that they hold
  bool dot = false;       ///< phi.dot is one instruction, which needs no registers of its own
  bool signedCodes = false;
  bool valueLanes = false; ///< then lanes is 4
  bool matrix = false;     ///< then valueLanes is true
  bool smallLoops = false; ///< then lanes is 8 or 16

  /// Whether what phi.dot multiplies of a weight's codes is signed. Where both may be, the entries
  /// of a codebook are: they need no zero point then.
  bool signedFor(mlir::Type weight) const;

  /// Of `machine`; null: the default above.
  static VectorTarget of(phi::MachineAttr machine);
};

} // namespace phidias
