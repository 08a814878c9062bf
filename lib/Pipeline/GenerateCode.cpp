#include "GenerateCode.h"
#include "Phases.h"
#include "phidias/Report/Report.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace phidias {

std::string printed(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream, OpPrintingFlags().elideLargeElementsAttrs(16));
  return text + "\n";
}

llvm::Expected<std::optional<std::string>> CodeGenerator::add(const TargetSpec &target) {
  OwningOpRef<ModuleOp> lowered = cast<ModuleOp>(module->clone());
  describeMachine(*lowered, target.machine);
  for (EmitStop step : {EmitStop::Scheduled, EmitStop::Tiled, EmitStop::Vector}) {
    if (llvm::Error failure = runStep(*lowered, step, options))
      return failure;
    if (step == EmitStop::Scheduled)
      report(*lowered, target);
    if (options.stop == step)
      return printed(*lowered);
    if (options.stop == EmitStop::Report)
      return std::nullopt;
  }
  return emit(*lowered, target);
}

llvm::Expected<std::optional<std::string>> CodeGenerator::emit(ModuleOp lowered,
                                                               const TargetSpec &target) {
  CodeDescription code = describeCode(lowered, target, codes.size());
  if (llvm::Error failure = lowerPhase(lowered, target, code))
    return failure;
  if (options.stop == EmitStop::Llvm || options.stop == EmitStop::Assembly)
    return text(lowered, target);
  auto parts = emitParts(lowered, target);
  if (!parts)
    return parts.takeError();
  if (options.stop == EmitStop::Object) {
    auto object = joinObjects(*parts, target);
    if (!object)
      return object.takeError();
    return std::string(object->data(), object->size());
  }
  llvm::move(*parts, std::back_inserter(objects));
  codes.push_back(std::move(code));
  return std::nullopt;
}

llvm::Expected<std::string> CodeGenerator::text(ModuleOp lowered, const TargetSpec &target) {
  bool assembly = options.stop == EmitStop::Assembly;
  llvm::LLVMContext context;
  auto ir = joinParts(lowered, context, [&](llvm::Module &part) {
    return assembly ? optimiseFor(part, target) : llvm::Error::success();
  });
  if (!ir)
    return ir.takeError();
  if (assembly) {
    auto lines = generateCode(**ir, target, ObjectKind::Assembly);
    if (!lines)
      return lines.takeError();
    return std::string(lines->data(), lines->size());
  }
  std::string text;
  llvm::raw_string_ostream stream(text);
  (*ir)->print(stream, nullptr);
  return text;
}

/// Says of each stage what it costs, where that was asked for, and warns of slow code that no one
/// asked for.
void CodeGenerator::report(ModuleOp scheduled, const TargetSpec &target) {
  if (options.pipeline == PipelineKind::Reference)
    return;
  StringRef format = options.formats.layers;
  bool asked = format == "f32" || format == "f16" || format == "bf16";
  std::vector<StageReport> stages = reportStages(scheduled, target, asked);
  for (const StageReport &stage : stages) {
    std::string message = "stage " + stage.name + ": " + stage.shortfall;
    if (!stage.shortfall.empty() && !stage.logitRows && warned.insert(message).second)
      observer.warning(message);
  }
  if (options.report == ReportKind::Table)
    observer.report(reportTable(target, stages, options.gigabytesPerSecond));
  if (options.report == ReportKind::Json)
    observer.report(reportJson(target, stages, options.gigabytesPerSecond) + "\n");
}

} // namespace phidias
