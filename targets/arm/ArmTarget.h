#pragma once
/// ARM64 processors: 64-bit, little-endian, under Linux.

#include "phidias/Target/Registry.h"

namespace phidias {

/// The machines that `name` stands for, the best first; code for each goes into one program:
///   arm64                        every set of features that our code gains from
///   arm64-neoverse-v2, ...       any core that LLVM knows by name; generic is ARMv8.0
///   arm64-neoverse-n1+i8mm, ...  with features that it does not have by its name
/// `aarch64` is the same as `arm64`.
llvm::Expected<std::vector<TargetSpec>> armTargets(llvm::StringRef name);

/// All names of the above, also those of ARM machines that no code can be made for, to say so;
/// "native" where Phidias itself runs on ARM64.
TargetFamily armFamily();

} // namespace phidias
