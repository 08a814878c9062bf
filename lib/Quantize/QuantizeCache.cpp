// The element type of the cache, everywhere that a value has it.

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "phidias/Quantize/Passes.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace phidias;

namespace phidias {
#define GEN_PASS_DEF_QUANTIZECACHEPASS
#include "phidias/Quantize/Passes.h.inc"
} // namespace phidias

namespace {

struct QuantizeCache : phidias::impl::QuantizeCachePassBase<QuantizeCache> {
  using QuantizeCachePassBase::QuantizeCachePassBase;

  void runOnOperation() override {
    Builder b(&getContext());
    Type type = llvm::StringSwitch<Type>(element)
                    .Case("f32", b.getF32Type())
                    .Case("f16", b.getF16Type())
                    .Case("int8", b.getI8Type())
                    .Default(Type());
    if (!type) {
      getOperation().emitError("element of the cache must be f32, f16 or int8, got ") << element;
      return signalPassFailure();
    }
    if (failed(changeAll(getOperation(), type)))
      signalPassFailure();
  }

  static LogicalResult changeAll(ModuleOp module, Type element) {
    bool good = true;
    auto change = [&](Type type) -> Type {
      auto cache = dyn_cast<phi::CacheType>(type);
      if (!cache || !good)
        return type;
      auto emit = [&] { return module.emitError(); };
      auto changed = phi::CacheType::getChecked(emit, module.getContext(), cache.getLayers(),
                                                cache.getKvHeads(), cache.getHeadDim(), element);
      good = static_cast<bool>(changed);
      return good ? Type(changed) : type;
    };
    module.walk([&](Operation *op) { changeValues(op, change); });
    for (auto function : module.getOps<func::FuncOp>())
      changeSignature(function, change);
    return success(good);
  }

  static void changeValues(Operation *op, function_ref<Type(Type)> change) {
    for (Value result : op->getResults())
      result.setType(change(result.getType()));
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (BlockArgument argument : block.getArguments())
          argument.setType(change(argument.getType()));
  }

  static void changeSignature(func::FuncOp function, function_ref<Type(Type)> change) {
    FunctionType type = function.getFunctionType();
    auto inputs = llvm::map_to_vector(type.getInputs(), change);
    auto results = llvm::map_to_vector(type.getResults(), change);
    function.setFunctionType(FunctionType::get(function.getContext(), inputs, results));
  }
};

} // namespace
