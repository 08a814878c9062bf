// LLVM IR → LLVM IR, before machine code.

#include "Optimise.h"
#include "llvm/Passes/PassBuilder.h"

using namespace llvm;

namespace phidias {

/// Loops come as blocks, indices as sums of products, buffers as structs of five fields; all that is
/// to be tidied, loops whose bounds are constants unrolled, and short loops unrolled a little. Common
/// subexpressions are MLIR's work, but for those of addresses. What O2 does beyond costs more than
/// half of a compile and spoils code: across the panels of a step it takes a token's values for
/// common, keeps them in registers, and spills codes where products read memory for nothing (316
/// spills of 779 instructions for 8 tokens in place of 22 of 490).
constexpr StringRef kPasses = "function("
                              "simplifycfg,early-cse,instcombine<no-verify-fixpoint>,"
                              "loop-mssa(loop-rotate,licm),"
                              "loop(indvars,loop-deletion,loop-unroll-full),"
                              "simplifycfg,instcombine<no-verify-fixpoint>,"
                              "loop-unroll<O2>,"
                              "instcombine<no-verify-fixpoint>,early-cse)";

void optimise(Module &module, TargetMachine &machine) {
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager sccs;
  ModuleAnalysisManager modules;
  PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(sccs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, sccs, modules);
  ModulePassManager passes;
  cantFail(builder.parsePassPipeline(passes, kPasses));
  passes.run(module, modules);
}

} // namespace phidias
