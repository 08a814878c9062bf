#include "Phases.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "phidias/Lower/Passes.h"
#include "phidias/Memory/Passes.h"
#include "phidias/Pack/Passes.h"
#include "phidias/Quantize/Passes.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace phidias {

void loadDialects(MLIRContext &context) {
  context.loadDialect<phi::PhiDialect, arith::ArithDialect, cf::ControlFlowDialect,
                      func::FuncDialect, LLVM::LLVMDialect, math::MathDialect,
                      memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect>();
}

llvm::Error quantizePhase(ModuleOp module, const WeightFormats &formats) {
  PassManager pm(module.getContext());
  pm.addPass(createQuantizePass({formats.layers, formats.head, formats.embed}));
  // The reference lowering computes with plain elements.
  pm.addPass(createWidenWeightsPass());
  if (failed(pm.run(module)))
    return llvm::createStringError("choosing the types of the weights failed");
  return llvm::Error::success();
}

llvm::Error planPhase(ModuleOp module, int64_t maxTokens) {
  PassManager pm(module.getContext());
  pm.addPass(createAssignLayoutPass());
  pm.addPass(createPlanArenaPass({maxTokens}));
  if (failed(pm.run(module)))
    return llvm::createStringError("planning memory failed");
  return llvm::Error::success();
}

llvm::Error lowerPhase(ModuleOp module) {
  PassManager pm(module.getContext());
  pm.addPass(createLowerToLoopsPass());
  if (failed(pm.run(module)))
    return llvm::createStringError("the reference lowering failed");
  addEntryPoint(module);
  return lowerToLlvmDialect(module);
}

static phirt::abi::GenerationDefaults generationOf(const GenerationConfig &g) {
  return {g.temperature, g.topP, g.minP, g.repetitionPenalty, g.topK, g.doSample ? 1 : 0};
}

static uint64_t attribute(ModuleOp module, StringRef name) {
  return module->getAttrOfType<IntegerAttr>(name).getInt();
}

static phi::CacheType cacheType(ModuleOp module) {
  auto forward = module.lookupSymbol<func::FuncOp>("forward");
  return cast<phi::CacheType>(forward.getArgumentTypes().back());
}

ProgramInfo describeProgram(const Model &model, ModuleOp module, const TargetSpec &target,
                            const WeightFormats &formats) {
  const ModelConfig &c = model.config;
  ProgramInfo info;
  info.name = c.name;
  info.description =
      llvm::formatv("{0}, {1} layers, hidden {2}, vocabulary {3}, {4}, {5} ({6})", c.architecture,
                    c.layers, c.hidden, c.vocab, formats.layers, target.name, target.cpu);
  info.vocab = c.vocab;
  info.layers = c.layers;
  info.hidden = c.hidden;
  info.maxContext = c.maxContext;
  info.originalContext = c.rope.longFactor.empty() ? 0 : c.rope.originalContext;
  info.maxTokens = attribute(module, "phi.max_tokens");
  info.arenaBytes = attribute(module, "phi.arena_bytes");
  info.cacheBytesPerPosition = cacheType(module).getBytesPerPosition();
  info.bosId = model.generation.bosId.value_or(-1);
  info.stopIds.assign(model.generation.stopIds.begin(), model.generation.stopIds.end());
  info.generation = generationOf(model.generation);
  return info;
}

} // namespace phidias
