#pragma once
/// ARM64 cores: what LLVM does not say of them.

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <vector>

namespace phidias {

struct ArmCore {
  llvm::StringLiteral name; ///< LLVM's
  int64_t l1, l2;           ///< bytes of the data caches that a core has to itself, or its share
  int64_t sveBits = 0;      ///< of a vector that code may best reckon with; 0: no SVE
};

/// The description of a core by any of its names (cobalt-100 is a neoverse-n2), or null.
const ArmCore *describedCore(llvm::StringRef name);

/// What code for a core that is not described may reckon with: the smallest caches of the cores
/// that machines of the last ten years have.
ArmCore carefulCore();

/// Every name that LLVM knows, the described ones first.
std::vector<llvm::StringRef> armCoreNames();

} // namespace phidias
