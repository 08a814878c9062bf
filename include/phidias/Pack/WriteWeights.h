#pragma once
/// Streams the checkpoint's bytes into the weights file.

#include "dialects/phi/PhiDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "phidias/Import/Checkpoint.h"
#include "phidias/Quantize/Rounding.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <array>

namespace phidias {

struct WeightsFile {
  std::array<uint8_t, 32> id{}; ///< what program and weights share: data, layout and ABI
  uint64_t bytes = 0;           ///< length, header included
};

/// Called with bytes done and bytes in all.
using PackProgress = llvm::function_ref<void(uint64_t, uint64_t)>;

/// The rounding of a member of a weight; null: the one that Phidias has for the type. Called from
/// several threads.
using RoundingOf = llvm::function_ref<const Rounding *(phi::WeightOp weight, int64_t member)>;

/// Writes the packed weights of `module` (after phi-assign-layout) to `path`. Free space is checked
/// first.
llvm::Expected<WeightsFile> writeWeights(mlir::ModuleOp module, const Checkpoint &checkpoint,
                                         llvm::StringRef path, PackProgress progress,
                                         RoundingOf roundings = nullptr);

} // namespace phidias
