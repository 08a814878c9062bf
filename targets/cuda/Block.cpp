#include "targets/cuda/Block.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;

namespace phidias::cuda {

Block::Block(OpBuilder &builder, Location location)
    : Block(builder, location, gpu::ThreadIdOp::create(builder, location, gpu::Dimension::x)) {}

Block::Block(OpBuilder &builder, Location location, Value thread)
    : vec::Emitter{builder, location}, thread(thread), warp(div(thread, kWarpThreads)),
      lane(rem(thread, kWarpThreads)) {}

Value Block::opaque(Value number) const {
  Value word = arith::IndexCastUIOp::create(b, loc, b.getI32Type(), number);
  return arith::IndexCastUIOp::create(b, loc, b.getIndexType(), exchange(word, 0));
}

Value Block::opaqueWide(Value number) const {
  Value low = opaque(rem(number, int64_t{1} << 32)), high = opaque(div(number, int64_t{1} << 32));
  return add(mul(high, int64_t{1} << 32), low);
}

Block Block::anew() const { return {b, loc, rem(opaque(thread), kBlockThreads)}; }

void Block::warpBarrier() const { NVVM::SyncWarpOp::create(b, loc, i32(-1)); }

void Block::barrier() const { gpu::BarrierOp::create(b, loc); }

Value Block::exchange(Value value, int64_t mask) const {
  return gpu::ShuffleOp::create(b, loc, value, mask, kWarpThreads, gpu::ShuffleMode::XOR)
      .getShuffleResult();
}

Value Block::combine(Value value, int64_t lanes, int64_t first,
                     function_ref<Value(Value, Value)> two) const {
  for (int64_t mask = first; mask < first * lanes; mask *= 2)
    value = two(value, exchange(value, mask));
  return value;
}

Value Block::sum(Value value, int64_t lanes, int64_t first) const {
  return combine(value, lanes, first, [&](Value x, Value y) -> Value {
    return value.getType().isF32() ? addf(x, y) : arith::AddIOp::create(b, loc, x, y);
  });
}

Value Block::largest(Value value, int64_t lanes, int64_t first) const {
  return combine(value, lanes, first, [&](Value x, Value y) -> Value {
    if (value.getType().isF32())
      return maxf(x, y);
    return arith::MaxSIOp::create(b, loc, x, y);
  });
}

Value Block::ofWarps(Value own, int64_t at) const {
  Value parts = shared(at, kWarps, own.getType());
  barrier();
  when(arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, lane, index(0)),
       [&] { storeOne(own, parts, warp); });
  barrier();
  return loadOne(parts, rem(lane, kWarps));
}

Value Block::blockSum(Value value, int64_t at) const {
  return sum(ofWarps(sum(value), at), kWarps);
}

Value Block::blockLargest(Value value, int64_t at) const {
  return largest(ofWarps(largest(value), at), kWarps);
}

Value Block::shared(int64_t start, ArrayRef<int64_t> shape, Type element) const {
  auto space = gpu::AddressSpaceAttr::get(b.getContext(), gpu::AddressSpace::Workgroup);
  auto bytes =
      MemRefType::get(ShapedType::kDynamic, b.getI8Type(), MemRefLayoutAttrInterface(), space);
  Value all = gpu::DynamicSharedMemoryOp::create(b, loc, bytes);
  auto type = MemRefType::get(shape, element, MemRefLayoutAttrInterface(), space);
  return memref::ViewOp::create(b, loc, type, all, index(start), ValueRange());
}

Value Block::loadAligned(Type type, Value bytes, Value at) const {
  return loadOne(view(bytes, at, MemRefType::get(1, type)), index(0));
}

void Block::storeAligned(Value value, Value bytes, Value at) const {
  storeOne(value, view(bytes, at, MemRefType::get(1, value.getType())), index(0));
}

static llvm::Align sizeOf(VectorType type) {
  return llvm::Align(type.getNumElements() * type.getElementTypeBitWidth() / 8);
}

Value Block::loadPieces(int64_t lanes, Value rows, ValueRange at) const {
  VectorType type = vector(lanes, cast<MemRefType>(rows.getType()).getElementType());
  return vector::LoadOp::create(b, loc, type, rows, at, /*nontemporal=*/false, sizeOf(type));
}

void Block::storePieces(Value value, Value rows, ValueRange at) const {
  vector::StoreOp::create(b, loc, value, rows, at, /*nontemporal=*/false,
                          sizeOf(cast<VectorType>(value.getType())));
}

void Block::eachThread(Value from, Value to, function_ref<void(Value)> body) const {
  loop(add(from, thread), to, kBlockThreads, body);
}

} // namespace phidias::cuda
