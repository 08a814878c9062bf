#pragma once
/// The phases of a compile, in order; one function each.

#include "TextTables.h"
#include "phidias/Emit/Emit.h"
#include "phidias/Pack/WriteWeights.h"
#include "phidias/Pipeline/Compile.h"

namespace phidias {

/// phi ops → weights placed, arena planned.
llvm::Error planPhase(mlir::ModuleOp module, int64_t maxTokens);
/// → loops → LLVM dialect, with the entry point.
llvm::Error lowerPhase(mlir::ModuleOp module);
/// What the program says of itself.
ProgramInfo describeProgram(const Model &model, mlir::ModuleOp module, const TargetSpec &target,
                            WeightFormat format);

/// Registers what the pipeline needs.
void loadDialects(mlir::MLIRContext &context);
llvm::StringRef formatName(WeightFormat format);

} // namespace phidias
