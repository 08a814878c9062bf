#pragma once
/// The phases of a compile, in order; one function each.

#include "TextTables.h"
#include "phidias/Emit/Emit.h"
#include "phidias/Pack/WriteWeights.h"
#include "phidias/Pipeline/Compile.h"

namespace phidias {

/// phi ops → the elements of every weight chosen.
llvm::Error quantizePhase(mlir::ModuleOp module, const WeightFormats &formats);
/// → weights placed, arena planned.
llvm::Error planPhase(mlir::ModuleOp module, int64_t maxTokens);
/// → loops → LLVM dialect, with the entry point.
llvm::Error lowerPhase(mlir::ModuleOp module);
/// What the program says of itself.
ProgramInfo describeProgram(const Model &model, mlir::ModuleOp module, const TargetSpec &target,
                            const WeightFormats &formats);

/// Registers what the pipeline needs.
void loadDialects(mlir::MLIRContext &context);

} // namespace phidias
