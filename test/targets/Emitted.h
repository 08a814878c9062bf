#pragma once
/// What a target makes of a module of loops and vectors.

#include "lib/Pipeline/Phases.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "phidias/Emit/Emit.h"
#include <gtest/gtest.h>

namespace phidias::test {

/// Lowers what `fill` puts into an empty module, and emits it.
inline std::string emitted(const TargetSpec &target, ObjectKind kind,
                           llvm::function_ref<void(mlir::ModuleOp)> fill) {
  mlir::MLIRContext context;
  loadDialects(context);
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::ModuleOp::create(mlir::UnknownLoc::get(&context));
  describeMachine(*module, target.machine);
  fill(*module);
  mlir::PassManager passes(&context);
  target.lowerVectorOps(passes);
  EXPECT_TRUE(succeeded(passes.run(*module)));
  EXPECT_FALSE(bool(lowerToLlvmDialect(*module)));
  llvm::LLVMContext llvmContext;
  auto ir = translateToLlvm(*module, llvmContext);
  auto code = emitObject(**ir, target, kind);
  return {code->data(), code->size()};
}

/// The same of the functions of a text.
inline std::string emittedText(const TargetSpec &target, ObjectKind kind, llvm::StringRef text) {
  return emitted(target, kind, [&](mlir::ModuleOp module) {
    mlir::ParserConfig config(module.getContext());
    EXPECT_TRUE(succeeded(mlir::parseSourceString(text, module.getBody(), config)));
  });
}

} // namespace phidias::test
