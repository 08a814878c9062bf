#include "GenerateCode.h"
#include "Phases.h"
#include "llvm/Support/FormatVariadic.h"
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
    if (llvm::Error failure = runStep(*lowered, step, options, &target))
      return failure;
    if (step == EmitStop::Scheduled)
      examine(*lowered, target);
    if (options.stop == step)
      return printed(*lowered);
    if (options.stop == EmitStop::Report && !target.emitDevice) {
      report(target, {});
      return std::nullopt;
    }
  }
  return emit(*lowered, target);
}

llvm::Expected<std::optional<std::string>> CodeGenerator::emit(ModuleOp lowered,
                                                               const TargetSpec &target) {
  if (target.emitDevice)
    return emitDevice(lowered, target);
  report(target, {});
  CodeDescription code = describeCode(lowered, target, options, codes.size());
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
  codeBytes = 0;
  for (const ObjectBytes &part : *parts)
    codeBytes += part.size();
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

llvm::Expected<std::optional<std::string>> CodeGenerator::emitDevice(ModuleOp lowered,
                                                                     const TargetSpec &target) {
  if (options.stop == EmitStop::Object)
    return llvm::createStringError("--emit=obj: code for %s is text for its driver; see --emit=asm",
                                   target.name.c_str());
  CodeDescription code = describeCode(lowered, target, options, codes.size());
  bool llvm = options.stop == EmitStop::Llvm;
  auto device = target.emitDevice(lowered, llvm ? DeviceText::Llvm : DeviceText::Final);
  if (!device)
    return device.takeError();
  if (llvm::Error failure = reportDevice(target, *device))
    return failure;
  if (options.stop == EmitStop::Report)
    return std::nullopt;
  if (options.stop != EmitStop::Program)
    return device->images.front().text;
  code.forwardFunction.clear();
  code.device = std::move(*device);
  codeBytes = 0;
  for (const DeviceImage &image : code.device.images)
    codeBytes += image.text.size();
  codes.push_back(std::move(code));
  return std::nullopt;
}

llvm::Error CodeGenerator::reportDevice(const TargetSpec &target, const DeviceProgram &program) {
  if (options.report == ReportKind::None)
    return llvm::Error::success();
  auto assembled = target.assemble(program);
  if (!assembled)
    return assembled.takeError();
  report(target, {program, std::move(*assembled)});
  return llvm::Error::success();
}

/// Notes what each stage costs, and warns of slow code that no one asked for.
void CodeGenerator::examine(ModuleOp scheduled, const TargetSpec &target) {
  if (options.pipeline == PipelineKind::Reference)
    return;
  StringRef format = options.formats.layers;
  bool asked = format == "f32" || format == "f16" || format == "bf16";
  stages = reportStages(scheduled, target, asked);
  for (const StageReport &stage : stages) {
    std::string message = "stage " + stage.name + ": " + stage.shortfall;
    if (!stage.shortfall.empty() && !stage.logitRows && warned.insert(message).second)
      observer.warning(message);
  }
}

/// Where that was asked for.
void CodeGenerator::report(const TargetSpec &target, const DeviceReport &device) {
  if (options.report == ReportKind::Table)
    observer.report(reportTable(target, stages, options.gigabytesPerSecond, device));
  if (options.report == ReportKind::Json)
    observer.report(reportJson(target, stages, options.gigabytesPerSecond, device) + "\n");
}

std::string CodeGenerator::describeLast() const {
  return llvm::formatv("{0}: {1} kB", codes.back().name, codeBytes / 1000).str();
}

} // namespace phidias
