#pragma once
/// From the packed module to objects: one for each machine that code is made for.

#include "mlir/IR/BuiltinOps.h"
#include "phidias/Emit/Emit.h"
#include "phidias/Pipeline/Compile.h"
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

  std::vector<ObjectBytes> objects;
  std::vector<CodeDescription> codes;

private:
  llvm::Expected<std::optional<std::string>> emit(mlir::ModuleOp lowered, const TargetSpec &target);
  void report(mlir::ModuleOp scheduled, const TargetSpec &target);
  llvm::Expected<std::string> text(mlir::ModuleOp lowered, const TargetSpec &target);

  const CompileOptions &options;
  CompileObserver &observer;
  mlir::ModuleOp module;
  llvm::StringSet<> warned; ///< once, however many codes there are
};

/// `module` as text, long constants left out.
std::string printed(mlir::ModuleOp module);

} // namespace phidias
