#include "targets/cuda/LinearManyTile.h"
#include "targets/cuda/TensorCore.h"
#include "targets/cuda/WideRow.h"

using namespace mlir;

namespace phidias::cuda {

ManyTile::ManyTile(const Block &e, phi::TileLinearOp op, int64_t blocks)
    : e(e), op(op), blocks(blocks), step(phi::stepLayout(op.getElement())),
      acts(recordLayout(op.getElement(), op.getActivation(), op.getColumns())),
      steps(llvm::divideCeil(op.getColumns(), phi::kStepColumns)),
      element(op.getActivation().isBF16() ? op.getActivation() : Type(e.b.getF16Type())) {}

void ManyTile::enter(Value number) {
  panel = tiles().panel(number);
  token = tiles().token(number);
}

int64_t ManyTile::stages() const { return std::min<int64_t>(4, kSharedBytes / stageBytes()); }

int64_t ManyTile::unrolled() const {
  constexpr int64_t kMost = 4;
  if (chunks() % kMost == 0 && kMost % stages() == 0)
    return kMost;
  return chunks() % stages() == 0 ? stages() : 1;
}

int64_t ManyTile::sharedBytes() const {
  return factorsAt() + (acts.factor < 0 ? 0 : tokens() * sizeof(float));
}

Value ManyTile::stage(const ManyChunk &chunk, int64_t later) const {
  if (chunk.stage)
    return e.index((*chunk.stage + later) % stages() * stageBytes());
  return e.mul(e.rem(e.add(chunk.number, later), stages()), stageBytes());
}

Value ManyTile::resultPanel(Value slot) const {
  return e.add(panel, op.getGated() ? e.div(slot, 2) : slot);
}

Value ManyTile::panelStart(Value slot) const {
  Value own = e.min(resultPanel(slot), e.index(tiles().panels() - 1));
  if (op.getGated())
    own = e.add(own, e.mul(e.rem(slot, 2), op.getRows() / 2 / phi::kPanelRows));
  return e.add(op.getOffset(), e.mul(own, steps * step.bytes));
}

Value ManyTile::record(Value tokenOfTile) const {
  Value there = e.min(e.add(token, tokenOfTile), e.sub(op.getCount(), e.index(1)));
  return e.mul(there, acts.bytes);
}

/// Neighbouring blocks belong to different warps: where a pass fills a tile only in part, all have
/// some of it.
Value ManyTile::blockToken(int64_t block, Value which) const {
  return e.add(e.add(e.mul(e.warp, 8), which), block * 8 * kWarps);
}

Value ManyTile::exclusiveOr(Value x, Value y) const {
  return e.b.createOrFold<arith::XOrIOp>(e.loc, x, y);
}

Value ManyTile::shared(Type type, Value byte) const {
  Value all = e.shared(0, sharedBytes(), e.b.getI8Type());
  auto space = cast<MemRefType>(all.getType()).getMemorySpace();
  auto view = MemRefType::get(sharedBytes() / 4, type, MemRefLayoutAttrInterface(), space);
  return e.view(all, byte, view);
}

/// The rows of a block's tokens, 32 columns from `32 * half` on: B fragments of two times 16
/// columns.
static vec::Values tokenFragments(const ManyTile &t, Value stage, int64_t block, int64_t half) {
  const Block &e = t.e;
  Value row = e.rem(e.lane, kRowUnits);
  Value unit = t.exclusiveOr(e.add(e.div(e.lane, kRowUnits), 4 * half), row);
  Value at = e.add(e.mul(t.blockToken(0, row), kRowBytes), e.mul(unit, kUnitBytes));
  return loadMatrices(e, e.add(stage, at), t.panelsBytes() + block * 8 * kWarps * kRowBytes);
}

void multiplyChunk(const ManyTile &t, const ManyOperands &operands, Value stage,
                   MutableArrayRef<Value> acc) {
  for (int64_t half = 0; half < kFragments / 2; ++half) {
    if (half && operands.splitsLoads())
      t.e.warpBarrier();
    SmallVector<vec::Values> rows;
    for (int64_t block = 0; block < t.blocks; ++block)
      rows.push_back(tokenFragments(t, stage, block, half));
    for (int64_t i = 0; i < 2; ++i)
      for (int64_t slot = 0; slot < t.kSlots; ++slot) {
        vec::Values weights = operands.fragment(stage, slot, 2 * half + i);
        for (int64_t block = 0; block < t.blocks; ++block) {
          auto sums = acc.slice(4 * (slot * t.blocks + block), 4);
          auto values = ArrayRef(rows[block]).slice(2 * i, 2);
          llvm::copy(multiplyMatrices(t.e, t.element, weights, values, sums), sums.begin());
        }
      }
  }
}

} // namespace phidias::cuda
