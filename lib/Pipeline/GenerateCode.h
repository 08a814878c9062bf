#pragma once
/// From the packed module to objects: one for each machine that code is made for.

#include "mlir/IR/BuiltinOps.h"
#include "phidias/Emit/Emit.h"
#include "phidias/Pipeline/Compile.h"
#include "phidias/Report/Report.h"
#include "llvm/ADT/StringSet.h"
#include <optional>

namespace phidias {

class CodeGenerator {
public:
  /// `module`: after EmitStop::Packed; the weights lie alike for all machines.
  CodeGenerator(const CompileOptions &options, CompileObserver &observer, mlir::ModuleOp module)
      : options(options), observer(observer), module(module) {}

  /// Adds an object and its description for `target`; or, where `options.stop` lies before the
  /// program, gives what `--emit` asked for instead.
  llvm::Expected<std::optional<std::string>> add(const TargetSpec &target);

  /// One line on what was added last: its name and size.
  std::string describeLast() const;

  std::vector<ObjectBytes> objects;
  std::vector<CodeDescription> codes;

private:
  llvm::Expected<std::optional<std::string>> emit(mlir::ModuleOp lowered, const TargetSpec &target);
  llvm::Expected<std::optional<std::string>> emitDevice(mlir::ModuleOp lowered,
                                                        const TargetSpec &target);
  llvm::Expected<std::string> text(mlir::ModuleOp lowered, const TargetSpec &target);
  llvm::Error reportDevice(const TargetSpec &target, const DeviceProgram &program);
  void examine(mlir::ModuleOp scheduled, const TargetSpec &target);
  void report(const TargetSpec &target, const DeviceReport &device);

  const CompileOptions &options;
  CompileObserver &observer;
  mlir::ModuleOp module;
  size_t codeBytes = 0;            ///< of what was added last
  std::vector<StageReport> stages; ///< of the code at hand
  llvm::StringSet<> warned;        ///< once, however many codes there are
};

/// `module` as text, long constants left out.
std::string printed(mlir::ModuleOp module);

} // namespace phidias
