#include "targets/cuda/GlobalPointers.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "phirt/abi.h"

using namespace mlir;
using phirt::abi::ForwardArgs;

namespace phidias::cuda {
namespace {

constexpr unsigned kGlobalSpace = 1;

bool isGeneric(Type type) {
  auto pointer = dyn_cast<LLVM::LLVMPointerType>(type);
  return pointer && pointer.getAddressSpace() == 0;
}

Type globalType(MLIRContext *context) { return LLVM::LLVMPointerType::get(context, kGlobalSpace); }

/// Gives `pointer` its new type, and all who use it the old one.
void makeGlobal(Value pointer, OpBuilder &b) {
  Type generic = pointer.getType();
  pointer.setType(globalType(b.getContext()));
  auto cast = LLVM::AddrSpaceCastOp::create(b, pointer.getLoc(), generic, pointer);
  pointer.replaceAllUsesExcept(cast, cast);
}

void makeLoadsGlobal(LLVM::LLVMFuncOp kernel) {
  kernel.walk([](LLVM::LoadOp load) {
    if (!isGeneric(load.getType()))
      return;
    OpBuilder b(load->getContext());
    b.setInsertionPointAfter(load);
    makeGlobal(load.getResult(), b);
  });
}

/// Tokens of a pass, or blocks, no more than 16 bits; positions have 31.
bool isSmall(LLVM::LoadOp load) {
  auto address = load.getAddr().getDefiningOp<LLVM::GEPOp>();
  if (!address)
    return false;
  int32_t offset = address.getRawConstantIndices().front();
  return offset == offsetof(ForwardArgs, count) || offset == offsetof(ForwardArgs, logitRows) ||
         offset == offsetof(ForwardArgs, threads) || offset == offsetof(ForwardArgs, narrowBlocks);
}

/// The upper parts of ForwardArgs' numbers are zeros: they take no registers then, and divisions
/// are short.
void makeNumbersShort(LLVM::LLVMFuncOp kernel) {
  kernel.walk([](LLVM::LoadOp load) {
    Type wide = load.getType();
    if (!wide.isInteger(64))
      return;
    OpBuilder b(load->getContext());
    b.setInsertionPointAfter(load);
    load.getResult().setType(isSmall(load) ? b.getI16Type() : b.getI32Type());
    auto number = LLVM::ZExtOp::create(b, load.getLoc(), wide, load.getResult());
    load.getResult().replaceAllUsesExcept(number, number);
  });
}

void makeArgumentsGlobal(LLVM::LLVMFuncOp function) {
  OpBuilder b = OpBuilder::atBlockBegin(&function.getBody().front());
  for (BlockArgument argument : function.getArguments())
    if (isGeneric(argument.getType()))
      makeGlobal(argument, b);
  auto type = function.getFunctionType();
  function.setType(LLVM::LLVMFunctionType::get(
      type.getReturnType(), llvm::to_vector(function.getBody().getArgumentTypes())));
}

void passGlobal(LLVM::CallOp call) {
  OpBuilder b(call);
  for (OpOperand &operand : call.getArgOperandsMutable())
    if (isGeneric(operand.get().getType()))
      operand.set(LLVM::AddrSpaceCastOp::create(b, call.getLoc(), globalType(b.getContext()),
                                                operand.get()));
}

} // namespace

void makePointersGlobal(ModuleOp module) {
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    if (function.isExternal())
      continue;
    if (function->hasAttr("nvvm.kernel"))
      makeLoadsGlobal(function), makeNumbersShort(function);
    else
      makeArgumentsGlobal(function);
    function.walk(passGlobal);
  }
}

} // namespace phidias::cuda
