#include "Options.h"
#include "Progress.h"
#include "Verbs.h"
#include "phidias/Quantize/Passes.h"
#include "targets/Targets.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace po = boost::program_options;

namespace phidias::tool {
namespace {

po::options_description describeOptions() {
  po::options_description options("Options");
  auto text = [](const char *preset) { return po::value<std::string>()->default_value(preset); };
  options.add_options()(
      "output,o", po::value<std::string>(),
      "the program; its weights go to PROGRAM.weights. With --emit: a file, or - (default)");
  options.add_options()(
      "target", text("native"),
      "native; x86-64 or arm64: code for several sets of features in one program; x86-64-v2, "
      "-v3, -v4, an x86-64 processor's LLVM name, or arm64- and an ARM core's (arm64-cortex-a76), "
      "with +FEATURE after it; cuda-sm80, -sm86, -sm89 or -sm90: an NVIDIA GPU; cuda-sim, "
      "cuda-sim-sm90: its "
      "kernels on this processor, checked");
  options.add_options()(
      "quantize", text("auto"),
      "what the program holds of the weights: int4, int8, bf16, f16, f32, keep (the "
      "checkpoint's own types), or auto: int4, but keep what is quantised already");
  options.add_options()(
      "quantize-head", po::value<std::string>(),
      "the same for the matrix that makes the logits (int8 where --quantize=int4)");
  options.add_options()("quantize-embed", po::value<std::string>(),
                        "the same for the embedding (int8 where --quantize=int4)");
  options.add_options()("pipeline", text("tiled"),
                        "tiled: fused stages in vector code; reference: plain f32 loops");
  options.add_options()("kv", po::value<std::string>(),
                        "what the key-value cache holds: f32, f16 or int8 (default f16; f32 where "
                        "--quantize=f32)");
  options.add_options()("schedule", po::value<std::string>(),
                        "a file with lines such as: gate_up streams = 4, prefetch = 12");
  options.add_options()(
      "emit", po::value<std::string>(),
      "print instead of linking: phi, fused, packed, scheduled, tiled, vector, llvm, "
      "asm, obj or, for a GPU, ptx");
  options.add_options()("report", po::value<std::string>()->implicit_value("table"),
                        "say on standard output of each stage what it costs and what multiplies "
                        "in it; --report=json: as JSON. Without -o: that alone");
  options.add_options()("bandwidth", po::value<double>()->default_value(50),
                        "GB/s of memory that --report reckons with");
  options.add_options()("chat-template", po::value<std::string>(),
                        "a Jinja file that replaces the checkpoint's template");
  return options;
}

int wrongUsage(const std::string &message) {
  llvm::errs() << "phidias: " << message << '\n';
  return 2;
}

/// What is wrong with a weight format that the user gave; empty: nothing.
std::string checkFormat(const char *option, const std::string &name) {
  if (name.empty() || isFormatName(name))
    return "";
  return "--" + std::string(option) + "=" + name +
         ": expected int4, int8, bf16, f16, f32, keep or auto";
}

std::optional<EmitStop> parseEmit(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<EmitStop>>(name)
      .Case("phi", EmitStop::Phi)
      .Case("fused", EmitStop::Fused)
      .Case("packed", EmitStop::Packed)
      .Case("scheduled", EmitStop::Scheduled)
      .Case("tiled", EmitStop::Tiled)
      .Case("vector", EmitStop::Vector)
      .Case("llvm", EmitStop::Llvm)
      .Cases({"asm", "ptx"}, EmitStop::Assembly)
      .Case("obj", EmitStop::Object)
      .Default(std::nullopt);
}

/// <build or prefix>/lib/phidias/runtime, beside the folder of this program.
std::string findRuntimeRoot() {
  static int anchor;
  std::string self = llvm::sys::fs::getMainExecutable("phidias", &anchor);
  llvm::SmallString<256> root(llvm::sys::path::parent_path(llvm::sys::path::parent_path(self)));
  llvm::sys::path::append(root, "lib", "phidias", "runtime");
  return std::string(root);
}

std::string fillReport(CompileOptions &options, const po::variables_map &values) {
  if (!values.count("report"))
    return "";
  std::string kind = values["report"].as<std::string>();
  if (kind != "table" && kind != "json")
    return "--report=" + kind + ": expected table or json";
  options.report = kind == "table" ? ReportKind::Table : ReportKind::Json;
  options.gigabytesPerSecond = values["bandwidth"].as<double>();
  if (!(options.gigabytesPerSecond > 0))
    return "--bandwidth: expected a number above 0";
  if (options.pipeline == PipelineKind::Reference)
    return "--report: not with --pipeline=reference, which has no stages";
  if (options.output.empty()) {
    options.stop = EmitStop::Report;
    options.output = "(report)";
  }
  return "";
}

/// Fills `options` from the command line; returns what is wrong, or an empty string.
std::string fill(CompileOptions &options, const po::variables_map &values) {
  auto text = [&](const char *name) {
    return values.count(name) ? values[name].as<std::string>() : std::string();
  };
  options.model = text("model");
  options.output = text("output");
  options.chatTemplate = text("chat-template");
  options.formats = {text("quantize"), text("quantize-head"), text("quantize-embed")};
  for (const char *option : {"quantize", "quantize-head", "quantize-embed"})
    if (std::string wrong = checkFormat(option, text(option)); !wrong.empty())
      return wrong;
  if (text("pipeline") != "reference" && text("pipeline") != "tiled")
    return "--pipeline=" + text("pipeline") + ": expected tiled or reference";
  options.pipeline = text("pipeline") == "tiled" ? PipelineKind::Tiled : PipelineKind::Reference;
  options.cache = text("kv");
  if (!options.cache.empty() && options.cache != "f32" && options.cache != "f16" &&
      options.cache != "int8")
    return "--kv=" + options.cache + ": expected f32, f16 or int8";
  options.schedules = text("schedule");
  if (values.count("emit")) {
    auto stop = parseEmit(text("emit"));
    if (!stop)
      return "--emit=" + text("emit") +
             ": expected phi, fused, packed, scheduled, tiled, vector, llvm, asm, obj or ptx";
    options.stop = *stop;
    if (options.output.empty())
      options.output = "-";
  }
  if (std::string wrong = fillReport(options, values); !wrong.empty())
    return wrong;
  if (options.output.empty())
    return "expected -o PROGRAM";
  if (options.output == "-" && options.stop == EmitStop::Program)
    return "-o -: a program cannot go to standard output";
  auto targets = allTargets().find(text("target"));
  if (!targets)
    return llvm::toString(targets.takeError());
  options.targets = std::move(*targets);
  if (text("emit") == "ptx" && !options.targets.front().emitDevice)
    return "--emit=ptx: --target=" + text("target") + " is not a GPU";
  options.runtimeRoot = findRuntimeRoot();
  return "";
}

} // namespace

int compileVerb(const std::vector<std::string> &words) {
  Parsed parsed =
      parse(words, describeOptions(), "usage: phidias compile MODEL -o PROGRAM [options]");
  if (parsed.stop)
    return parsed.exitCode;
  CompileOptions options;
  if (std::string wrong = fill(options, parsed.values); !wrong.empty())
    return wrongUsage(wrong);
  Progress progress;
  for (const TargetSpec &target : options.targets)
    if (!target.caution.empty())
      progress.warning(target.caution);
  if (llvm::Error failure = compileModel(options, progress)) {
    llvm::errs() << "phidias: error: " << llvm::toString(std::move(failure)) << '\n';
    return 1;
  }
  return 0;
}

} // namespace phidias::tool
