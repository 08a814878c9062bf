#include "targets/cuda/Capability.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace phidias::cuda {

// A driver of CUDA 11.0 takes PTX 7.0, 11.1 takes 7.1, 11.8 takes 7.8, 12.0 takes 8.0.
static constexpr Capability kCapabilities[] = {{80, "sm_80", "+ptx70", 163 << 10, false},
                                               {86, "sm_86", "+ptx71", 99 << 10, false},
                                               {89, "sm_89", "+ptx78", 99 << 10, false},
                                               {90, "sm_90a", "+ptx80", 227 << 10, true}};

ArrayRef<Capability> capabilities() { return kCapabilities; }

const Capability *findCapability(StringRef digits) {
  for (const Capability &capability : kCapabilities)
    if (digits == std::to_string(capability.number))
      return &capability;
  return nullptr;
}

} // namespace phidias::cuda
