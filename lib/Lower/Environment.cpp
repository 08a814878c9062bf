#include "phidias/Lower/Environment.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "phidias/Lower/Loops.h"

using namespace mlir;
using namespace phidias::phi;

namespace phidias::lower {

SmallVector<Type> Environment::types(Type cacheElement) {
  MLIRContext *context = cacheElement.getContext();
  Builder b(context);
  auto buffer = [&](Type element) { return MemRefType::get({ShapedType::kDynamic}, element); };
  Type bytes = buffer(b.getI8Type()), index = b.getIndexType();
  return {bytes,
          bytes,
          buffer(cacheElement),
          buffer(b.getI32Type()),
          bytes,
          index,
          index,
          index,
          index,
          b.getI1Type(),
          index,
          index,
          LLVM::LLVMPointerType::get(context),
          bytes,
          LLVM::LLVMPointerType::get(context),
          index,
          LLVM::LLVMPointerType::get(context),
          bytes};
}

Environment Environment::from(ValueRange a) {
  return {a[0], a[1],  a[2],  a[3],  a[4],  a[5],  a[6],  a[7],  a[8],
          a[9], a[10], a[11], a[12], a[13], a[14], a[15], a[16], a[17]};
}

SmallVector<Value> Environment::values() const {
  return {weights, arena,  cache,   tokens,  logits,  count,   position, capacity, rows,
          useLong, thread, threads, barrier, scratch, profile, pieces,   claims,   choice};
}

Value Lowering::place(Operation *op) const {
  Location loc = op->getLoc();
  int64_t columns = cast<RankedTensorType>(op->getResult(0).getType()).getDimSize(1);
  auto type = MemRefType::get({ShapedType::kDynamic, columns}, builder.getF32Type());
  auto offset = op->getAttrOfType<IntegerAttr>("arena_offset");
  Value start = constantIndex(builder, loc, offset ? offset.getInt() : 0);
  Value buffer = offset ? env.arena : env.logits;
  return memref::ViewOp::create(builder, loc, type, buffer, start, offset ? env.count : env.rows);
}

Value Lowering::weight(Location loc, StringRef name, Value member) const {
  auto weight = symbols.lookup<WeightOp>(name);
  Value offset = constantIndex(builder, loc, weight.getPacked()->getOffset());
  if (member) {
    Value stride = constantIndex(builder, loc, weight.getPacked()->getStride());
    offset = arith::AddIOp::create(builder, loc, offset,
                                   arith::MulIOp::create(builder, loc, member, stride));
  }
  RankedTensorType tensor = weight.getTensorType();
  auto type = MemRefType::get(tensor.getShape(), tensor.getElementType());
  return memref::ViewOp::create(builder, loc, type, env.weights, offset, ValueRange());
}

} // namespace phidias::lower
