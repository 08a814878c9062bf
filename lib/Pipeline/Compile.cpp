// The pipeline on one page: read, build, plan, lower, emit, pack, link.

#include "phidias/Pipeline/Compile.h"
#include "GenerateCode.h"
#include "Phases.h"
#include "TemporaryFile.h"
#include "lib/Emit/WriteFile.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>

using namespace mlir;

namespace phidias {
namespace {

class Compilation {
public:
  Compilation(const CompileOptions &options, CompileObserver &observer)
      : options(options), observer(observer) {
    loadDialects(context);
  }

  llvm::Error run() {
    for (auto phase : {&Compilation::read, &Compilation::build, &Compilation::text,
                       &Compilation::codegen, &Compilation::pack, &Compilation::link}) {
      if (llvm::Error failure = (this->*phase)())
        return failure;
      if (finished)
        return llvm::Error::success();
    }
    return llvm::Error::success();
  }

private:
  llvm::Error read() {
    auto result = readModel(options.model);
    if (!result)
      return result.takeError();
    model = std::move(*result);
    for (const std::string &warning : model->warnings)
      observer.warning(warning);
    uint64_t bytes = 0;
    for (const TensorInfo &tensor : model->checkpoint.tensors)
      bytes += tensor.bytes;
    done("import",
         llvm::formatv("{0} tensors, {1:F2} GB", model->checkpoint.tensors.size(), bytes / 1e9)
             .str());
    return llvm::Error::success();
  }

  llvm::Error build() {
    module = buildModule(context, *model);
    if (failed(module->verify()))
      return llvm::createStringError("%s: the module built from it is not valid",
                                     options.model.c_str());
    // What the passes have to say of a weight goes to the user.
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() != DiagnosticSeverity::Warning)
        return failure();
      observer.warning(diagnostic.str());
      return success();
    });
    for (EmitStop step : {EmitStop::Phi, EmitStop::Fused, EmitStop::Packed}) {
      if (llvm::Error failure = runStep(*module, step, options))
        return failure;
      if (options.stop == step)
        return finish(printed(*module));
    }
    done("build", llvm::formatv("{0} layers", model->config.layers).str());
    return llvm::Error::success();
  }

  llvm::Error text() {
    if (options.stop != EmitStop::Program)
      return llvm::Error::success();
    std::vector<std::string> warnings;
    auto tables = compileText(*model, options.chatTemplate, warnings);
    if (!tables)
      return tables.takeError();
    for (const std::string &warning : warnings)
      observer.warning(warning);
    texts = std::move(*tables);
    done("tokenizer",
         llvm::formatv("{0:F1} MB", (texts.tokenizer.size() + texts.chatTemplate.size()) / 1e6)
             .str());
    return llvm::Error::success();
  }

  llvm::Error codegen() {
    generator.emplace(options, observer, *module);
    for (const TargetSpec &target : options.targets) {
      auto emitted = generator->add(target);
      if (!emitted)
        return emitted.takeError();
      if (*emitted)
        return finish(**emitted);
      if (options.stop != EmitStop::Report)
        done("codegen", generator->describeLast());
    }
    finished |= options.stop == EmitStop::Report;
    return llvm::Error::success();
  }

  llvm::Error pack() {
    weightsFile.emplace(options.output + ".weights");
    auto progress = [&](uint64_t bytes, uint64_t total) { observer.packing(bytes, total); };
    auto written = writeWeights(*module, model->checkpoint, weightsFile->path(), progress);
    if (!written)
      return written.takeError();
    weights = *written;
    done("pack", llvm::formatv("{0:F2} GB", weights.bytes / 1e9).str());
    return llvm::Error::success();
  }

  llvm::Error link() {
    ProgramInfo info = describeProgram(*model, *module, options);
    info.codes = std::move(generator->codes);
    info.weightsId = weights.id;
    info.weightsBytes = weights.bytes;
    info.tokenizer = std::move(texts.tokenizer);
    info.chatTemplate = std::move(texts.chatTemplate);
    // Any 32 bytes that occur nowhere else in the program.
    info.hashMarker = llvm::BLAKE3::hash(llvm::ArrayRef<uint8_t>(weights.id));
    const TargetSpec &base = options.targets.back(); // the descriptor has no code
    auto descriptor = emitDescriptor(info, base);
    if (!descriptor)
      return descriptor.takeError();
    std::string runtime = options.runtimeRoot + "/" + base.runtime + "/phirt.o";
    TemporaryFile program(options.output);
    std::vector<ObjectBytes> objects = std::move(generator->objects);
    objects.push_back(std::move(*descriptor));
    if (llvm::Error failure = linkProgram(objects, base, runtime, program.path()))
      return failure;
    if (llvm::Error failure = sealProgram(program.path(), info.hashMarker))
      return failure;
    // Weights first: a program without its weights would look finished.
    if (llvm::Error failure = weightsFile->keep())
      return failure;
    if (llvm::Error failure = program.keep())
      return failure;
    done("link", options.output);
    return llvm::Error::success();
  }

  /// Writes what --emit asked for.
  llvm::Error finish(llvm::StringRef content) {
    finished = true;
    if (options.output == "-") {
      llvm::outs() << content;
      return llvm::Error::success();
    }
    TemporaryFile file(options.output);
    if (llvm::Error failure = writeFile(file.path(), content, options.output))
      return failure;
    return file.keep();
  }

  void done(StringRef phase, StringRef result) {
    auto now = std::chrono::steady_clock::now();
    observer.phase(phase, result, std::chrono::duration<double>(now - since).count());
    since = now;
  }

  const CompileOptions &options;
  CompileObserver &observer;
  MLIRContext context;
  std::optional<Model> model;
  OwningOpRef<ModuleOp> module;
  TextTables texts;
  std::optional<CodeGenerator> generator;
  std::optional<TemporaryFile> weightsFile;
  WeightsFile weights;
  bool finished = false;
  std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
};

} // namespace

llvm::Error compileModel(const CompileOptions &options, CompileObserver &observer) {
  return Compilation(options, observer).run();
}

} // namespace phidias
