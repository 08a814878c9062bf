// LLVM IR → LLVM IR, before machine code.

#include "Optimise.h"
#include "llvm/Passes/PassBuilder.h"

using namespace llvm;

namespace phidias {

Error optimise(Module &module, TargetMachine &machine, StringRef text) {
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
  if (Error failure = builder.parsePassPipeline(passes, text))
    return failure;
  passes.run(module, modules);
  return Error::success();
}

} // namespace phidias
