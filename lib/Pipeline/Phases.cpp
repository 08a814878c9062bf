#include "Phases.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "phidias/Fuse/Passes.h"
#include "phidias/Lower/Passes.h"
#include "phidias/Memory/Passes.h"
#include "phidias/Pack/Passes.h"
#include "phidias/Quantize/Passes.h"
#include "phidias/Schedule/Passes.h"
#include "phidias/Tile/Passes.h"
#include "phidias/Vectorize/Passes.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace phidias {

void loadDialects(MLIRContext &context) {
  registerTranslations(context);
  context.loadDialect<phi::PhiDialect, arith::ArithDialect, cf::ControlFlowDialect,
                      func::FuncDialect, LLVM::LLVMDialect, math::MathDialect,
                      memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect>();
}

void describeMachine(ModuleOp module, const Machine &m) {
  module->setAttr("phi.machine",
                  phi::MachineAttr::get(module.getContext(), m.lanes, m.registers, m.l1, m.l2,
                                        m.dot, m.bf16, m.prefetch, m.signedCodes, m.valueLanes,
                                        m.matrix, m.attentionItems, m.wideRows, m.rescale,
                                        m.smallLoops, m.threads));
}

int64_t maxTokens(const CompileOptions &options) {
  if (options.pipeline == PipelineKind::Reference)
    return 64;
  return options.targets.front().machine.passTokens;
}

static std::string cacheElement(const CompileOptions &options) {
  if (options.pipeline == PipelineKind::Reference)
    return "f32";
  if (!options.cache.empty())
    return options.cache;
  return options.formats.layers == "f32" ? "f32" : "f16";
}

static void addChoices(OpPassManager &pm, const CompileOptions &options) {
  const WeightFormats &formats = options.formats;
  pm.addPass(createQuantizePass({formats.layers, formats.head, formats.embed}));
  pm.addPass(createQuantizeCachePass({cacheElement(options)}));
  if (options.pipeline == PipelineKind::Reference) // computes with plain elements
    pm.addPass(createWidenWeightsPass());
}

static void addFusions(OpPassManager &pm) {
  pm.addPass(createFuseQkvPass());
  pm.addPass(createFuseGateUpPass());
  pm.addPass(createFuseResidualPass());
  pm.addPass(createFuseHeadPass());
  pm.addPass(createOutlineStagesPass());
}

static void addVectors(OpPassManager &pm, const TargetSpec &target) {
  pm.addPass(createDistributePass());
  if (target.mapTiles) {
    target.mapTiles(pm);
  } else {
    pm.addPass(createOutlineTilesPass());
    pm.addPass(createVectorizePass());
  }
  // Of functions: side by side.
  OpPassManager &functions = pm.nest<func::FuncOp>();
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
}

static void addStep(OpPassManager &pm, EmitStop step, const CompileOptions &options,
                    const TargetSpec *target) {
  bool tiled = options.pipeline == PipelineKind::Tiled;
  if (step == EmitStop::Phi)
    addChoices(pm, options);
  if (step == EmitStop::Fused && tiled)
    addFusions(pm);
  if (step == EmitStop::Packed)
    pm.addPass(createAssignLayoutPass({tiled}));
  if (step == EmitStop::Scheduled && tiled)
    pm.addPass(createSchedulePass({options.schedules}));
  if (step == EmitStop::Scheduled)
    pm.addPass(createPlanArenaPass({maxTokens(options)}));
  if (step == EmitStop::Tiled)
    pm.addPass(tiled ? createTilePass({target->chooses}) : createLowerToLoopsPass());
  if (step == EmitStop::Vector && tiled)
    addVectors(pm, *target);
}

llvm::Error runStep(ModuleOp module, EmitStop step, const CompileOptions &options,
                    const TargetSpec *target) {
  // Errors of passes are the user's: a schedule that does not fit, a format that a stage cannot
  // take.
  std::string problem;
  ScopedDiagnosticHandler handler(module.getContext(), [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return failure();
    if (problem.empty()) // the others mostly follow from the first
      problem = diagnostic.str();
    return success();
  });
  PassManager pm(module.getContext());
  addStep(pm, step, options, target);
  if (failed(pm.run(module)))
    return llvm::createStringError("%s: %s", options.model.c_str(), problem.c_str());
  return llvm::Error::success();
}

/// Several codes are linked together: what one defines for itself bears its number.
static void keepApart(ModuleOp module, const CodeDescription &code) {
  llvm::StringSet<> own;
  for (auto function : module.getOps<func::FuncOp>()) {
    StringRef name = function.getName();
    if (function.isExternal() || name == code.forwardFunction || name == code.peakFunction)
      continue;
    own.insert(name);
    function.setName((name + code.suffix).str());
  }
  module.walk([&](func::CallOp call) {
    if (own.contains(call.getCallee()))
      call.setCallee((call.getCallee() + code.suffix).str());
  });
}

llvm::Error lowerPhase(ModuleOp module, const TargetSpec &target, CodeDescription &code) {
  if (!code.peakFunction.empty())
    code.peakOpsPerIteration = target.addPeak(module, code.peakFunction);
  if (target.lowerVectorOps) {
    PassManager pm(module.getContext());
    target.lowerVectorOps(pm);
    if (failed(pm.run(module)))
      return llvm::createStringError("choosing the target's instructions failed");
  }
  if (target.addForward)
    target.addForward(module, code.forwardFunction);
  else
    addEntryPoint(module, code.forwardFunction);
  keepApart(module, code);
  // What launches a kernel says which constants there are.
  splitIntoParts(module, /*sharesConstants=*/static_cast<bool>(target.addForward));
  return lowerToLlvmDialect(module);
}

static phirt::abi::GenerationDefaults generationOf(const GenerationConfig &g) {
  return {g.temperature, g.topP, g.minP, g.repetitionPenalty, g.topK, g.doSample ? 1 : 0};
}

static uint64_t attribute(ModuleOp module, StringRef name) {
  auto number = module->getAttrOfType<IntegerAttr>(name);
  return number ? number.getInt() : 0;
}

/// What phi-tile has said of the stages.
static std::vector<StageDescription> stagesOf(ModuleOp module) {
  std::vector<StageDescription> stages;
  auto all = module->getAttrOfType<ArrayAttr>("phi.stages");
  if (!all)
    return stages;
  for (auto fields : all.getAsRange<DictionaryAttr>()) {
    auto number = [&](StringRef name) { return fields.getAs<IntegerAttr>(name).getInt(); };
    stages.push_back({fields.getAs<StringAttr>("name").str(),
                      static_cast<uint64_t>(number("bytes")), static_cast<uint64_t>(number("macs")),
                      number("rows") != 0, number("calls")});
  }
  return stages;
}

CodeDescription describeCode(ModuleOp module, const TargetSpec &target,
                             const CompileOptions &options, int64_t index) {
  CodeDescription code;
  code.name = target.name == "native" ? "native (" + target.cpu + ")" : target.name;
  code.needs = target.needs;
  code.suffix = index ? llvm::formatv("_{0}", index).str() : "";
  code.forwardFunction = "phi_forward" + code.suffix;
  if (target.addPeak)
    code.peakFunction = "phi_peak" + code.suffix;
  code.arenaBytes = attribute(module, "phi.arena_bytes");
  code.scratchBytes = attribute(module, "phi.scratch_bytes");
  code.stages = stagesOf(module);
  code.chooses = target.chooses && options.pipeline == PipelineKind::Tiled;
  return code;
}

static phi::CacheType cacheType(ModuleOp module) {
  auto forward = module.lookupSymbol<func::FuncOp>("forward");
  return cast<phi::CacheType>(forward.getArgumentTypes().back());
}

/// "native (znver4)"; "x86-64-v3"; "x86-64-v3 to x86-64-v4+avx512vnni".
static std::string targetNames(const CompileOptions &options) {
  const TargetSpec &best = options.targets.front();
  if (options.targets.size() > 1)
    return options.targets.back().name + " to " + best.name;
  return best.name == "native" ? "native (" + best.cpu + ")" : best.name;
}

ProgramInfo describeProgram(const Model &model, ModuleOp module, const CompileOptions &options) {
  const ModelConfig &c = model.config;
  ProgramInfo info;
  info.name = c.name;
  info.description =
      llvm::formatv("{0}, {1} layers, hidden {2}, vocabulary {3}, {4}, {5}", c.architecture,
                    c.layers, c.hidden, c.vocab, options.formats.layers, targetNames(options));
  info.vocab = c.vocab;
  info.layers = c.layers;
  info.hidden = c.hidden;
  info.maxContext = c.maxContext;
  info.originalContext = c.rope.longFactor.empty() ? 0 : c.rope.originalContext;
  info.maxTokens = maxTokens(options);
  info.cacheBytesPerPosition = cacheType(module).getBytesPerPosition();
  info.bosId = model.generation.bosId.value_or(-1);
  info.stopIds.assign(model.generation.stopIds.begin(), model.generation.stopIds.end());
  info.generation = generationOf(model.generation);
  return info;
}

} // namespace phidias
