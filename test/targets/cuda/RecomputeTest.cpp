// A kernel whose numbers are made anew between its calls makes the same calls as before; it is run
// on this machine, without the empty assembly that hides where a number comes from.
#include "targets/cuda/Recompute.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include <gtest/gtest.h>

using namespace llvm;

namespace {

/// Values that live over calls, a branch, loops that call nothing (the second has two ways into
/// it), what is computed on each way to a block, and what is left of a loop's counter behind it.
constexpr StringLiteral kKernel = R"(
declare void @work(i64)
define void @kernel(ptr %args) {
entry:
  %turns = load i64, ptr %args
  %place = getelementptr i8, ptr %args, i64 8
  %limit = load i64, ptr %place
  %start = mul i64 %turns, 3
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %end ]
  %x = add i64 %start, %i
  call void @work(i64 %x)
  %below = icmp ult i64 %x, %limit
  br i1 %below, label %yes, label %latch
yes:
  %y = sub i64 %limit, %x
  br label %inner
inner:
  %j = phi i64 [ 0, %yes ], [ %j.next, %inner ]
  %sum = phi i64 [ 0, %yes ], [ %sum.next, %inner ]
  %sum.next = add i64 %sum, %y
  %j.next = add i64 %j, 1
  %more = icmp ult i64 %j.next, %start
  br i1 %more, label %inner, label %after
after:
  call void @work(i64 %sum.next)
  call void @work(i64 %y)
  br label %latch
latch:
  %far = icmp ugt i64 %x, 9
  br i1 %far, label %early, label %late
early:
  %five = mul i64 %i, 5
  call void @work(i64 %five)
  br i1 %below, label %turn, label %join
late:
  %five.late = mul i64 %i, 5
  br label %join
join:
  %five.all = phi i64 [ %five, %early ], [ %five.late, %late ]
  call void @work(i64 1)
  call void @work(i64 %five.all)
  br label %turn
turn:
  %k = phi i64 [ 0, %early ], [ 1, %join ], [ %k.next, %turn ]
  %part = phi i64 [ 0, %early ], [ 0, %join ], [ %part.next, %turn ]
  %part.next = add i64 %part, %start
  %k.next = add i64 %k, 1
  %on = icmp ult i64 %k.next, 3
  br i1 %on, label %turn, label %end
end:
  call void @work(i64 %part.next)
  %next = add i64 %i, 1
  %again = icmp ult i64 %next, %turns
  br i1 %again, label %loop, label %exit
exit:
  call void @work(i64 %x)
  ret void
}
)";

std::vector<int64_t> calls;
void work(int64_t number) { calls.push_back(number); }

std::unique_ptr<Module> parse(LLVMContext &context) {
  SMDiagnostic problem;
  auto module = parseAssemblyString(kKernel, problem, context);
  EXPECT_TRUE(module) << problem.getMessage().str();
  return module;
}

bool isHidden(const Instruction &instruction) {
  auto *call = dyn_cast<CallInst>(&instruction);
  return call && call->isInlineAsm();
}

/// PTX's constraints are not this machine's.
void removeAssembly(Function &kernel) {
  for (Instruction &instruction : make_early_inc_range(instructions(kernel)))
    if (isHidden(instruction)) {
      if (!instruction.getType()->isVoidTy())
        instruction.replaceAllUsesWith(instruction.getOperand(0));
      instruction.eraseFromParent();
    }
}

/// 64 bytes for them.
Constant *counters(Function &kernel) {
  auto *type = ArrayType::get(Type::getInt64Ty(kernel.getContext()), 8);
  return new GlobalVariable(*kernel.getParent(), type, false, GlobalValue::InternalLinkage,
                            UndefValue::get(type), "counters");
}

std::vector<int64_t> callsOf(bool isRenewed, int64_t turns, int64_t limit) {
  auto context = std::make_unique<LLVMContext>();
  auto module = parse(*context);
  Function &kernel = *module->getFunction("kernel");
  if (isRenewed) {
    phidias::cuda::recomputeBetweenCalls(kernel, counters(kernel));
    removeAssembly(kernel);
  }
  auto jit = cantFail(orc::LLJITBuilder().create());
  auto address = orc::ExecutorAddr::fromPtr(work);
  orc::SymbolMap symbols{{jit->mangleAndIntern("work"), {address, JITSymbolFlags::Exported}}};
  cantFail(jit->getMainJITDylib().define(orc::absoluteSymbols(std::move(symbols))));
  cantFail(jit->addIRModule({std::move(module), std::move(context)}));
  int64_t args[] = {turns, limit};
  calls.clear();
  cantFail(jit->lookup("kernel")).toPtr<void (*)(int64_t *)>()(args);
  return calls;
}

TEST(Recompute, SameCalls) {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  for (int64_t turns : {1, 2, 5})
    for (int64_t limit : {0, 4, 7, 17, 100})
      EXPECT_EQ(callsOf(true, turns, limit), callsOf(false, turns, limit))
          << turns << " turns, limit " << limit;
}

bool callsWork(const Instruction &instruction) {
  return isa<CallInst>(instruction) && !isHidden(instruction);
}

/// Whether a call lies on a way from the value to its user.
bool livesOverCall(Instruction &value, Instruction &user) {
  SmallVector<std::pair<BasicBlock *, Instruction *>> open{{user.getParent(), &user}};
  SmallPtrSet<BasicBlock *, 8> seen;
  while (!open.empty()) {
    auto [block, before] = open.pop_back_val();
    auto at = before ? before->getReverseIterator() : block->rbegin();
    for (at = before ? std::next(at) : at; at != block->rend() && &*at != &value; ++at)
      if (callsWork(*at))
        return true;
    if (at == block->rend())
      for (BasicBlock *above : predecessors(block))
        if (seen.insert(above).second)
          open.push_back({above, nullptr});
  }
  return false;
}

std::string textOf(const Instruction &instruction) {
  std::string text;
  raw_string_ostream(text) << instruction;
  return text;
}

/// Of other blocks; but for the arguments, which ptxas reads again.
TEST(Recompute, NothingLivesOverACall) {
  LLVMContext context;
  auto module = parse(context);
  Function &kernel = *module->getFunction("kernel");
  phidias::cuda::recomputeBetweenCalls(kernel, counters(kernel));
  ASSERT_FALSE(verifyFunction(kernel, &errs()));
  for (Instruction &value : instructions(kernel))
    for (User *user : value.users()) {
      auto &by = *cast<Instruction>(user);
      if (by.getParent() != value.getParent() && !isa<PHINode>(by) && !isHidden(by))
        EXPECT_FALSE(livesOverCall(value, by)) << textOf(value) << " lives until" << textOf(by);
    }
  EXPECT_GE(count_if(instructions(kernel), isHidden), 5);
}

/// The counter's word is read, to count on, before any thread can have written the next number.
TEST(Recompute, ThreadsMeetBetweenTurns) {
  LLVMContext context;
  auto module = parse(context);
  Function &kernel = *module->getFunction("kernel");
  phidias::cuda::recomputeBetweenCalls(kernel, counters(kernel));
  int64_t meetings = 0;
  for (Instruction &instruction : instructions(kernel))
    if (isHidden(instruction) && instruction.getType()->isVoidTy()) {
      ++meetings;
      for (auto at = instruction.getIterator(); at != instruction.getParent()->end(); ++at)
        EXPECT_FALSE(isa<LoadInst>(*at)) << textOf(*at);
      EXPECT_EQ(instruction.getParent()->getName(), "end");
    }
  EXPECT_EQ(meetings, 1);
}

} // namespace
