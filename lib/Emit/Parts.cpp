// A module of many functions → a module of each, which threads compile side by side. There are as
// many parts as functions, whatever the machine: what comes out does not depend on it.

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Threading.h"
#include "phidias/Emit/Emit.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Linker/Linker.h"
#include <optional>

using namespace mlir;

namespace phidias {

/// Adds to `part` what `function` uses of `symbols`: functions without their bodies, and constants,
/// or no more than that there are such.
static void addUsed(func::FuncOp function, SymbolTable &symbols, ModuleOp part,
                    bool declaresConstants) {
  llvm::SmallSetVector<Operation *, 8> used;
  auto uses = SymbolTable::getSymbolUses(function);
  for (SymbolTable::SymbolUse use : *uses)
    used.insert(symbols.lookup(use.getSymbolRef().getRootReference()));
  OpBuilder b = OpBuilder::atBlockEnd(part.getBody());
  for (Operation *symbol : used)
    if (auto called = dyn_cast<func::FuncOp>(symbol))
      cast<func::FuncOp>(b.insert(called->cloneWithoutRegions())).setPrivate();
    else if (auto constant = dyn_cast<memref::GlobalOp>(b.clone(*symbol));
             constant && declaresConstants)
      constant.removeInitialValueAttr();
}

/// A part of all constants, which others may declare.
static void addConstants(ModuleOp module, OpBuilder &b) {
  auto part = ModuleOp::create(b, module.getLoc(), StringRef("constants"));
  for (auto constant : module.getOps<memref::GlobalOp>()) {
    constant.setPublic();
    part.push_back(constant.clone());
  }
}

void splitIntoParts(ModuleOp module, bool sharesConstants) {
  SymbolTable symbols(module);
  auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  SmallVector<std::pair<func::FuncOp, ModuleOp>> moves;
  if (sharesConstants)
    addConstants(module, b);
  for (func::FuncOp function : functions) {
    if (function.isExternal())
      continue;
    auto part = ModuleOp::create(b, function.getLoc(), function.getName());
    addUsed(function, symbols, part, sharesConstants);
    moves.emplace_back(function, part);
  }
  for (auto [function, part] : moves)
    function->moveBefore(part.getBody(), part.getBody()->end());
  for (Operation &op : llvm::make_early_inc_range(*module.getBody()))
    if (!isa<ModuleOp>(op))
      op.erase();
}

/// Largest first: else the last thread to finish might have begun with the largest.
static SmallVector<size_t> bySize(ArrayRef<ModuleOp> parts) {
  SmallVector<int64_t> sizes(parts.size());
  for (auto [size, part] : llvm::zip_equal(sizes, parts))
    ModuleOp(part).walk([&](Operation *) { ++size; });
  auto order = llvm::to_vector(llvm::seq<size_t>(0, parts.size()));
  llvm::sort(order,
             [&](size_t x, size_t y) { return std::pair(sizes[x], y) > std::pair(sizes[y], x); });
  return order;
}

static llvm::Expected<ObjectBytes> emitPart(ModuleOp part, const TargetSpec &target) {
  llvm::LLVMContext context;
  auto ir = translateToLlvm(part, context);
  if (!ir)
    return ir.takeError();
  return emitObject(**ir, target, ObjectKind::Object);
}

llvm::Expected<std::vector<ObjectBytes>> emitParts(ModuleOp module, const TargetSpec &target) {
  auto parts = llvm::to_vector(module.getOps<ModuleOp>());
  std::vector<std::optional<llvm::Expected<ObjectBytes>>> results(parts.size());
  parallelForEach(module.getContext(), bySize(parts),
                  [&](size_t i) { results[i].emplace(emitPart(parts[i], target)); });
  std::vector<ObjectBytes> objects;
  llvm::Error problems = llvm::Error::success();
  for (std::optional<llvm::Expected<ObjectBytes>> &result : results)
    if (*result)
      objects.push_back(std::move(**result));
    else
      problems = llvm::joinErrors(std::move(problems), result->takeError());
  if (problems)
    return std::move(problems);
  return objects;
}

llvm::Expected<std::unique_ptr<llvm::Module>>
joinParts(ModuleOp module, llvm::LLVMContext &context,
          llvm::function_ref<llvm::Error(llvm::Module &)> treat) {
  auto all = std::make_unique<llvm::Module>("phi", context);
  for (ModuleOp part : module.getOps<ModuleOp>()) {
    auto ir = translateToLlvm(part, context);
    if (!ir)
      return ir.takeError();
    if (llvm::Error failure = treat(**ir))
      return std::move(failure);
    all->setTargetTriple((*ir)->getTargetTriple());
    all->setDataLayout((*ir)->getDataLayout());
    if (llvm::Linker::linkModules(*all, std::move(*ir)))
      return llvm::createStringError("joining the parts of the code failed");
  }
  return all;
}

} // namespace phidias
