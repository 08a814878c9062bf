// A check before each access: where, how many bytes, and in pieces of what size a GPU would move
// them.

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "targets/cuda/sim/LowerOps.h"
#include "targets/cuda/sim/SimBuilder.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace phirt::abi;

namespace phidias::sim {
namespace {

int64_t bytesOf(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.getNumElements() * bytesOf(vector.getElementType());
  return type.isIndex() ? 8 : llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

/// A thread's own memory, which no other sees.
bool isPrivate(Value memref) {
  while (auto view = memref.getDefiningOp<ViewLikeOpInterface>())
    memref = view.getViewSource();
  return isa_and_nonnull<memref::AllocaOp>(memref.getDefiningOp());
}

Value multiply(OpBuilder &b, Location loc, Value x, Value y) {
  return b.createOrFold<arith::MulIOp>(loc, x, y);
}

/// The address of an element, as index.
Value addressOf(OpBuilder &b, Location loc, Value memref, ValueRange indices) {
  auto data = memref::ExtractStridedMetadataOp::create(b, loc, memref);
  Value elements = data.getOffset();
  for (auto [at, stride] : llvm::zip_equal(indices, data.getStrides()))
    elements = b.createOrFold<arith::AddIOp>(loc, elements, multiply(b, loc, at, stride));
  int64_t bytes = bytesOf(cast<MemRefType>(memref.getType()).getElementType());
  Value start = memref::ExtractAlignedPointerAsIndexOp::create(b, loc, memref);
  Value distance =
      multiply(b, loc, elements, arith::ConstantIndexOp::create(b, loc, bytes).getResult());
  return arith::AddIOp::create(b, loc, start, distance);
}

struct Access {
  Value memref;
  ValueRange indices;
  int64_t bytes, align;
  SimAccess kind;
};

void check(Operation *op, const Access &access, ModuleOp module, Sites &sites) {
  if (isPrivate(access.memref))
    return;
  OpBuilder b(op);
  SimBuilder s(module, b, op->getLoc());
  Value number = arith::IndexCastOp::create(b, s.loc, b.getI64Type(),
                                            addressOf(b, s.loc, access.memref, access.indices));
  Value address = LLVM::IntToPtrOp::create(b, s.loc, s.pointer(), number);
  s.call("phisim_access", {address, s.i32(access.bytes), s.i32(access.align), s.i32(access.kind),
                           s.i32(sites.add(op))});
}

/// A scalar or a vector element moves in one piece.
template <typename Op> Access whole(Op op, Value memref, Type type, SimAccess kind) {
  int64_t bytes = bytesOf(type);
  int64_t align = op.getAlignment().value_or(bytes);
  return {memref, op.getIndices(), bytes, std::min(align, bytes), kind};
}

/// Elements side by side move one by one where nothing says that they are aligned together.
template <typename Op> Access several(Op op, Type type, SimAccess kind) {
  int64_t bytes = bytesOf(type);
  int64_t align = op.getAlignment().value_or(
      bytesOf(cast<MemRefType>(op.getBase().getType()).getElementType()));
  return {op.getBase(), op.getIndices(), bytes, std::min<int64_t>(align, bytes), kind};
}

} // namespace

void checkAccess(Operation *op, ModuleOp module, Sites &sites) {
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](memref::LoadOp load) {
        check(op, whole(load, load.getMemRef(), load.getType(), kSimRead), module, sites);
      })
      .Case([&](memref::StoreOp store) {
        Type type = store.getValueToStore().getType();
        check(op, whole(store, store.getMemRef(), type, kSimWrite), module, sites);
      })
      .Case([&](vector::LoadOp load) {
        check(op, several(load, load.getVectorType(), kSimRead), module, sites);
      })
      .Case([&](vector::StoreOp store) {
        check(op, several(store, store.getVectorType(), kSimWrite), module, sites);
      });
}

} // namespace phidias::sim
