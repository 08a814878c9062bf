// Adds phi_forward or another phirt::abi::Forward, which takes apart the runtime's ForwardArgs and
// calls the lowered @forward.

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "phidias/Emit/Emit.h"

using namespace mlir;
using phirt::abi::ForwardArgs;

namespace phidias {
namespace {

class EntryBuilder {
public:
  EntryBuilder(OpBuilder &b, Location loc, Value args) : b(b), loc(loc), args(args) {}

  Value load(size_t offset, Type type) {
    Value address = LLVM::GEPOp::create(b, loc, pointer(), b.getI8Type(), args,
                                        ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(offset)});
    return LLVM::LoadOp::create(b, loc, type, address);
  }

  Value index(size_t offset) {
    return arith::IndexCastOp::create(b, loc, b.getIndexType(), load(offset, b.getI64Type()));
  }

  /// memref<?xT> at the pointer; its size is not known here, and views do not ask for it.
  Value buffer(size_t offset, Type memref) { return buffer(load(offset, pointer()), memref); }

  Value buffer(Value address, Type memref) {
    Type i64 = b.getI64Type(), one = LLVM::LLVMArrayType::get(i64, 1);
    auto type =
        LLVM::LLVMStructType::getLiteral(b.getContext(), {pointer(), pointer(), i64, one, one});
    Value descriptor = LLVM::UndefOp::create(b, loc, type);
    auto set = [&](Value value, ArrayRef<int64_t> at) {
      descriptor = LLVM::InsertValueOp::create(b, loc, descriptor, value, at);
    };
    auto constant = [&](int64_t value) {
      return LLVM::ConstantOp::create(b, loc, i64, b.getI64IntegerAttr(value));
    };
    set(address, {0});
    set(address, {1});
    set(constant(0), {2});
    set(constant(std::numeric_limits<int64_t>::max()), {3, 0});
    set(constant(1), {4, 0});
    return UnrealizedConversionCastOp::create(b, loc, memref, descriptor).getResult(0);
  }

  /// The thread's own part of the scratch.
  Value scratch(Value thread, int64_t bytes) {
    Value part = arith::ConstantIndexOp::create(b, loc, bytes);
    Value from = arith::IndexCastOp::create(b, loc, b.getI64Type(),
                                            arith::MulIOp::create(b, loc, thread, part));
    Value base = load(offsetof(ForwardArgs, scratch), pointer());
    return LLVM::GEPOp::create(b, loc, pointer(), b.getI8Type(), base,
                               ArrayRef<LLVM::GEPArg>{from});
  }

  Type pointer() { return LLVM::LLVMPointerType::get(b.getContext()); }

private:
  OpBuilder &b;
  Location loc;
  Value args;
};

} // namespace

void addEntryPoint(ModuleOp module, StringRef name, TeamValues team) {
  auto forward = module.lookupSymbol<func::FuncOp>("forward");
  forward.setPrivate();
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  Location loc = forward.getLoc();
  Type pointer = LLVM::LLVMPointerType::get(module.getContext());
  auto entry = func::FuncOp::create(b, loc, name, b.getFunctionType(pointer, {}));
  Block *block = entry.addEntryBlock();
  b.setInsertionPointToStart(block);
  EntryBuilder e(b, loc, block->getArgument(0));
  ArrayRef<Type> types = forward.getArgumentTypes();
  Value longRope = e.load(offsetof(ForwardArgs, longRope), b.getI64Type());
  Value zero = arith::ConstantIntOp::create(b, loc, 0, 64);
  Value thread, threads, pieces;
  if (team) {
    std::tie(thread, threads) = team(b);
    pieces = threads;
  } else {
    thread = e.index(offsetof(ForwardArgs, thread));
    threads = e.index(offsetof(ForwardArgs, threads));
    pieces = e.index(offsetof(ForwardArgs, pieces));
  }
  auto scratchBytes = module->getAttrOfType<IntegerAttr>("phi.scratch_bytes");
  Value scratch = e.scratch(thread, scratchBytes ? scratchBytes.getInt() : 0);
  // In the order of lower::Environment.
  SmallVector<Value> arguments{
      e.buffer(offsetof(ForwardArgs, weights), types[0]),
      e.buffer(offsetof(ForwardArgs, arena), types[1]),
      e.buffer(offsetof(ForwardArgs, cache), types[2]),
      e.buffer(offsetof(ForwardArgs, tokens), types[3]),
      e.buffer(offsetof(ForwardArgs, logits), types[4]),
      e.index(offsetof(ForwardArgs, count)),
      e.index(offsetof(ForwardArgs, position)),
      e.index(offsetof(ForwardArgs, capacity)),
      e.index(offsetof(ForwardArgs, logitRows)),
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, longRope, zero),
      thread,
      threads,
      e.load(offsetof(ForwardArgs, barrier), pointer),
      e.buffer(scratch, types[13]),
      e.load(offsetof(ForwardArgs, profile), pointer),
      pieces,
      e.load(offsetof(ForwardArgs, claims), pointer),
      e.buffer(offsetof(ForwardArgs, choice), types[17]),
  };
  for (unsigned i = arguments.size(); i < types.size(); ++i) // what a target's passes have added
    arguments.push_back(e.index(forward.getArgAttrOfType<IntegerAttr>(i, "phi.field").getInt()));
  func::CallOp::create(b, loc, forward, arguments);
  func::ReturnOp::create(b, loc);
}

} // namespace phidias
