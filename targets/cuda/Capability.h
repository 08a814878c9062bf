#pragma once
/// GPUs by what NVIDIA calls their compute capability.

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace phidias::cuda {

/// What code for a capability may use. Of the blocks: CUDA C++ Programming Guide, "Technical
/// Specifications per Compute Capability".
struct Capability {
  unsigned number;         ///< 80: sm_80
  llvm::StringLiteral cpu; ///< LLVM's name; one that ends with a: runs on that capability alone
  llvm::StringLiteral ptx; ///< the oldest PTX that knows it, as LLVM's feature
  int64_t sharedBytes;     ///< of a block, at most
  bool wgmma;              ///< four warps multiply together, from shared memory
};

llvm::ArrayRef<Capability> capabilities();
/// Null where it is not one of them.
const Capability *findCapability(llvm::StringRef digits);

} // namespace phidias::cuda
