#pragma once
#include "mlir/IR/BuiltinOps.h"
#include "phidias/Target/Target.h"
#include "targets/cuda/Capability.h"

namespace phidias::cuda {

inline constexpr llvm::StringLiteral kKernel = "phi_forward";

/// The text of one image, or LLVM IR before it is optimised.
llvm::Expected<std::string> imageText(mlir::ModuleOp module, const Capability &capability,
                                      DeviceText text);

} // namespace phidias::cuda
