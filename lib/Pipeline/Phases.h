#pragma once
/// The phases of a compile, in order; one function each.

#include "TextTables.h"
#include "phidias/Emit/Emit.h"
#include "phidias/Pack/WriteWeights.h"
#include "phidias/Pipeline/Compile.h"

namespace phidias {

/// The steps of a compile on the IR, in order. Each leaves what `--emit` of its name prints; one
/// that its pipeline does not have leaves the module as it was.
/// `target`: the one that the steps from EmitStop::Scheduled on are for.
llvm::Error runStep(mlir::ModuleOp module, EmitStop step, const CompileOptions &options,
                    const TargetSpec *target = nullptr);
/// From the last of them on: the LLVM dialect, with the functions that `code` names. Fills in
/// `code.peakOpsPerIteration`.
llvm::Error lowerPhase(mlir::ModuleOp module, const TargetSpec &target, CodeDescription &code);
/// What the descriptor says of the code that `module` (after EmitStop::Tiled) becomes for `target`,
/// the `index`th of the program.
CodeDescription describeCode(mlir::ModuleOp module, const TargetSpec &target,
                             const CompileOptions &options, int64_t index);
/// What the program says of itself.
ProgramInfo describeProgram(const Model &model, mlir::ModuleOp module,
                            const CompileOptions &options);
/// Tokens of the longest pass.
int64_t maxTokens(const CompileOptions &options);

/// Registers what the pipeline needs.
void loadDialects(mlir::MLIRContext &context);

/// Makes `machine` the module's phi.machine.
void describeMachine(mlir::ModuleOp module, const Machine &machine);

} // namespace phidias
