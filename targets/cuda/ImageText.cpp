// A module of the LLVM dialect as PTX, by LLVM's NVPTX backend.

#include "targets/cuda/ImageText.h"
#include "phidias/Emit/Emit.h"
#include "targets/cuda/Recompute.h"
#include "targets/cuda/SharedMemory.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace phidias::cuda {

static llvm::Constant *counterMemory(llvm::Module &ir, int64_t at) {
  auto *bytes = llvm::Type::getInt8Ty(ir.getContext());
  llvm::GlobalVariable *shared = ir.getNamedGlobal(kShared);
  if (!shared) { // the pass uses none
    shared = new llvm::GlobalVariable(ir, llvm::ArrayType::get(bytes, 0), /*isConstant=*/false,
                                      llvm::GlobalValue::ExternalLinkage, nullptr, kShared, nullptr,
                                      llvm::GlobalValue::NotThreadLocal, /*AddressSpace=*/3);
    shared->setAlignment(llvm::Align(kSharedAlignment));
  }
  auto *offset = llvm::ConstantInt::get(llvm::Type::getInt64Ty(ir.getContext()), at);
  return llvm::ConstantExpr::getGetElementPtr(bytes, shared, offset);
}

/// Threads meet in PTX written out, too, of which LLVM knows nothing.
static void markMeetings(llvm::Module &ir) {
  for (llvm::Function &function : ir)
    for (llvm::Instruction &instruction : llvm::instructions(function))
      if (auto *call = llvm::dyn_cast<llvm::CallInst>(&instruction))
        if (auto *ptx = llvm::dyn_cast<llvm::InlineAsm>(call->getCalledOperand()))
          if (ptx->getAsmString().contains("bar.red") ||
              ptx->getAsmString().contains(".sync.aligned"))
            call->setConvergent();
}

llvm::Expected<std::string> imageText(ModuleOp module, const Capability &capability,
                                      DeviceText text) {
  TargetSpec spec{capability.cpu.str(), "nvptx64-nvidia-cuda", capability.cpu.str(),
                  capability.ptx.str(), ""};
  // O2, though fewer passes do for the same main loops in half the time: with those int4's tiles of
  // 256 tokens take all registers, and what calls them has to spill.
  llvm::LLVMContext context;
  auto ir = translateToLlvm(module, context);
  if (!ir)
    return ir.takeError();
  if (text == DeviceText::Llvm) {
    std::string printed;
    llvm::raw_string_ostream stream(printed);
    (*ir)->print(stream, nullptr);
    return printed;
  }
  markMeetings(**ir);
  if (llvm::Error failure = optimiseFor(**ir, spec))
    return failure;
  recomputeBetweenCalls(*(*ir)->getFunction(kKernel), counterMemory(**ir, countersAt(module)));
  auto ptx = generateCode(**ir, spec, ObjectKind::Assembly);
  if (!ptx)
    return ptx.takeError();
  return std::string(ptx->data(), ptx->size());
}

} // namespace phidias::cuda
