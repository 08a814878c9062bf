// The reference lowering: phi functions, op by op, to functions of loops over memrefs.

#include "phidias/Lower/Loops.h"
#include "phidias/Lower/Passes.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace phidias;
using namespace phidias::lower;

namespace phidias {
#define GEN_PASS_DEF_LOWERTOLOOPSPASS
#include "phidias/Lower/Passes.h.inc"
} // namespace phidias

LogicalResult lower::checkOperands(Operation *op, const Lowering &l) {
  for (Value operand : op->getOperands())
    if (!isa<phi::CacheType>(operand.getType()) && !l.of(operand))
      return op->emitOpError("works on a value that its function does not hold");
  return success();
}

LogicalResult lower::lowerBlock(Block &block, const Lowering &l) {
  for (Operation &op : block.without_terminator())
    if (failed(checkOperands(&op, l)) || failed(l.lowerOne(&op, l)))
      return failure();
  return success();
}

LogicalResult lower::lowerReference(Operation *op, const Lowering &l) {
  if (auto layers = dyn_cast<phi::LayersOp>(op))
    return lowerOp(layers, l);
  bool known =
      llvm::TypeSwitch<Operation *, bool>(op)
          .Case<phi::EmbedOp, phi::RmsNormOp, phi::LinearOp, phi::LogitsOp, phi::RopeOp,
                phi::CacheAppendOp, phi::AttentionOp, phi::SwiGluOp, phi::AddOp>([&](auto phiOp) {
            lowerOp(phiOp, l);
            return true;
          })
          .Default(false);
  if (!known)
    return op->emitOpError("has no reference lowering");
  return success();
}

namespace {

/// What the arguments of a phi function stand for: its tokens, position, use of long factors and
/// rows of logits, by order of their types as the importer builds them.
LogicalResult bindArguments(func::FuncOp function, const Lowering &l) {
  SmallVector<Value> scalars{l.env.position, l.env.rows};
  for (BlockArgument argument : function.getArguments()) {
    Type type = argument.getType();
    if (isa<phi::CacheType>(type))
      continue;
    if (auto tensor = dyn_cast<RankedTensorType>(type);
        tensor && tensor.getElementType().isInteger(32))
      l.lowered[argument] = l.env.tokens;
    else if (type.isInteger(1))
      l.lowered[argument] = l.env.useLong;
    else if (type.isIndex() && !scalars.empty()) {
      l.lowered[argument] = scalars.front();
      scalars.erase(scalars.begin());
    } else
      return function.emitOpError("has an argument that no pass provides: ") << type;
  }
  return success();
}

void declare(ModuleOp module, SymbolTable &symbols, StringRef name, ArrayRef<Type> arguments,
             ArrayRef<Type> results = {}) {
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  auto function =
      func::FuncOp::create(b, module.getLoc(), name, b.getFunctionType(arguments, results));
  function.setPrivate();
  symbols.insert(function);
}

LogicalResult lowerFunction(func::FuncOp function, SymbolTable &symbols, OpLowering lowerOne,
                            Type cacheElement) {
  if (!function.getBody().hasOneBlock())
    return function.emitOpError("must have one block, got ") << function.getBlocks().size();
  StringAttr name = function.getSymNameAttr();
  symbols.remove(function);
  OpBuilder b(function);
  auto target = func::FuncOp::create(b, function.getLoc(), name,
                                     b.getFunctionType(Environment::types(cacheElement), {}));
  symbols.insert(target);
  Block *entry = target.addEntryBlock();
  b.setInsertionPointToStart(entry);
  DenseMap<Value, Value> lowered;
  Lowering l{b, symbols, Environment::from(entry->getArguments()), lowered, lowerOne, cacheElement};
  if (failed(bindArguments(function, l)) || failed(lowerBlock(function.front(), l)))
    return failure();
  func::ReturnOp::create(b, function.getLoc());
  function.erase();
  return success();
}

struct LowerToLoops : phidias::impl::LowerToLoopsPassBase<LowerToLoops> {
  void runOnOperation() override {
    Type f32 = Float32Type::get(&getContext());
    if (failed(lowerFunctions(getOperation(), lowerReference, f32)))
      signalPassFailure();
  }
};

} // namespace

void lower::declareRuntime(ModuleOp module, SymbolTable &symbols) {
  Type pointer = LLVM::LLVMPointerType::get(module.getContext());
  declare(module, symbols, "phirt_barrier", pointer);
  declare(module, symbols, "phirt_claim", pointer, IndexType::get(module.getContext()));
  declare(module, symbols, "phirt_stage", {pointer, IntegerType::get(module.getContext(), 64)});
}

LogicalResult lower::lowerFunctions(ModuleOp module, OpLowering lowerOne, Type cacheElement) {
  SymbolTable symbols(module);
  for (auto weight : module.getOps<phi::WeightOp>())
    if (!weight.getPacked())
      return weight.emitOpError("has no place in the weights file: run phi-assign-layout first");
  if (!module->hasAttr("phi.arena_bytes"))
    return module.emitError("has no arena: run phi-plan-arena first");
  SmallVector<func::FuncOp> functions(module.getOps<func::FuncOp>());
  declareRuntime(module, symbols);
  for (func::FuncOp function : functions)
    if (!function.isExternal() && failed(lowerFunction(function, symbols, lowerOne, cacheElement)))
      return failure();
  for (auto weight : llvm::make_early_inc_range(module.getOps<phi::WeightOp>()))
    weight.erase();
  return success();
}
