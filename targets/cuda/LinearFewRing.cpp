#include "targets/cuda/LinearFewRing.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;

namespace phidias::cuda {

constexpr unsigned kGlobalSpace = 1, kSharedSpace = 3; // of pointers

static int64_t bytesOf(Type type) {
  int64_t lanes = isa<VectorType>(type) ? cast<VectorType>(type).getNumElements() : 1;
  return lanes * getElementTypeOrSelf(type).getIntOrFloatBitWidth() / 8;
}

Value addressOf(const Block &e, Value buffer) {
  return memref::ExtractAlignedPointerAsIndexOp::create(e.b, e.loc, buffer);
}

static Value pointer(const Block &e, Value address, unsigned space) {
  Value bits = arith::IndexCastOp::create(e.b, e.loc, e.b.getI64Type(), address);
  auto type = LLVM::LLVMPointerType::get(e.b.getContext(), space);
  return LLVM::IntToPtrOp::create(e.b, e.loc, type, bits);
}

void copyBytes(const Block &e, Value global, Value shared, int64_t bytes) {
  // Past the first cache, where that can be said.
  auto modifier =
      bytes == kPieceBytes ? NVVM::LoadCacheModifierKind::CG : NVVM::LoadCacheModifierKind::CA;
  NVVM::CpAsyncOp::create(e.b, e.loc, pointer(e, shared, kSharedSpace),
                          pointer(e, global, kGlobalSpace), static_cast<uint32_t>(bytes), modifier,
                          Value());
}

void commitGroup(const Block &e) { NVVM::CpAsyncCommitGroupOp::create(e.b, e.loc); }

void waitForGroups(const Block &e, int64_t groups) {
  NVVM::CpAsyncWaitGroupOp::create(e.b, e.loc, static_cast<uint32_t>(groups));
}

int64_t FewRing::slotBytes(const FewTile &tile, ArrayRef<Piece> pieces) {
  int64_t bytes = 0;
  for (const Piece &piece : pieces)
    bytes += bytesOf(piece.type);
  return bytes * tile.width * kBlockThreads;
}

FewRing::FewRing(const FewTile &tile, ArrayRef<Piece> pieces, int64_t start, int64_t depth)
    : t(tile), e(tile.e), pieces(pieces), slots(depth),
      apart(tile.op.getRows() / 2 / phi::kPanelRows * tile.panelBytes()) {
  Value weights = e.add(addressOf(e, tile.op.getWeights()), tile.op.getOffset());
  for (const Piece &piece : pieces) {
    int64_t places = slots * t.width * kBlockThreads, bytes = bytesOf(piece.type);
    buffers.push_back(e.shared(start, places, piece.type));
    start += places * bytes;
    shared.push_back(e.add(addressOf(e, buffers.back()), e.mul(e.thread, bytes)));
    global.push_back(e.add(weights, piece.offset));
  }
}

Value FewRing::place(Value slot, int64_t panel) const {
  return e.mul(e.add(e.mul(slot, t.width), panel), kBlockThreads);
}

void FewRing::copy(Value unit, Value end, Value slot) const {
  e.when(e.less(unit, end), [&] {
    for (auto [i, piece] : llvm::enumerate(pieces))
      for (int64_t panel = 0; panel < t.width; ++panel) {
        int64_t bytes = bytesOf(piece.type);
        copyBytes(e, e.add(e.add(global[i], unit), panel * apart),
                  e.add(shared[i], e.mul(place(slot, panel), bytes)), bytes);
      }
  });
  commitGroup(e);
}

vec::Values FewRing::take(Value slot) const {
  waitForGroups(e, slots - 1);
  vec::Values all;
  for (int64_t panel = 0; panel < t.width; ++panel)
    for (Value buffer : buffers)
      all.push_back(e.loadOne(buffer, e.add(place(slot, panel), e.thread)));
  return all;
}

Value FewRing::next(Value slot) const {
  Value following = e.add(slot, 1);
  if (llvm::isPowerOf2_64(slots))
    return arith::AndIOp::create(e.b, e.loc, following, e.index(slots - 1));
  return t.select(e.less(following, e.index(slots)), following, e.index(0));
}

} // namespace phidias::cuda
