// bf16 and f16 on their way from shared memory to A.

#include "targets/cuda/LinearWgmma.h"
#include "targets/cuda/TensorCore.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kColumnBytes = 2 * phi::kPanelRows;

/// Where the lane's words of bf16 start in a stage, of rows g and g + 8 of A.
static std::pair<Value, Value> wordsOf(const WgmmaTile &t) {
  const Block &e = t.e;
  Value g = e.div(e.lane, 4), third = e.rem(e.lane, 4);
  Value lines =
      e.add(e.mul(e.div(third, 2), t.halfApart()), e.mul(e.rem(third, 2), phi::kLineBytes));
  if (!t.op.getGated()) {
    Value own = e.add(e.add(lines, e.mul(g, 8)), e.mul(e.warp, t.panelApart()));
    return {own, e.add(own, 4)};
  }
  Value rows = e.add(e.mul(e.rem(e.warp, 2), phi::kLineBytes / 2), e.mul(g, 4));
  Value own = e.add(e.add(lines, rows), e.mul(e.div(e.warp, 2), t.panelApart()));
  return {own, e.add(own, t.results() * t.panelApart())};
}

/// `type` at byte `at`, plus a constant, of shared memory.
static Value loadShared(const WgmmaTile &t, Type type, Value at, int64_t offset) {
  Value all = t.e.shared(0, t.sharedBytes(), t.e.b.getI8Type());
  auto space = cast<MemRefType>(all.getType()).getMemorySpace();
  int64_t bytes = type.isInteger(32) ? 4 : 8;
  auto words = MemRefType::get(t.stageBytes() / bytes, type, MemRefLayoutAttrInterface(), space);
  return t.e.loadOne(t.e.view(all, at, words), t.e.index(offset / bytes));
}

/// The same of f16, by ldmatrix: eight columns, four of each half of the chunk, of eight rows; of
/// eight other rows; then of the next eight columns.
static vec::Values columnsOf(const WgmmaTile &t, Value stage, int64_t i) {
  const Block &e = t.e;
  Value matrix = e.div(e.lane, 8), inMatrix = e.rem(e.lane, 8), below = e.rem(matrix, 2);
  Value column = e.add(e.mul(e.div(matrix, 2), 4), e.rem(inMatrix, 4));
  Value own = e.add(e.mul(e.div(inMatrix, 4), t.halfApart()), e.mul(column, kColumnBytes));
  Value eight = t.op.getGated() ? e.rem(e.warp, 2) : below, panel = e.warp;
  if (t.op.getGated())
    panel = e.add(e.div(e.warp, 2), e.mul(below, t.results()));
  own = e.add(own, e.add(e.mul(eight, kColumnBytes / 2), e.mul(panel, t.panelApart())));
  return loadMatrices(e, e.add(stage, own), t.tokenBytes() + 8 * i * kColumnBytes,
                      /*transposed=*/true);
}

/// A of the i-th product of a chunk: rows g and g + 8 of columns 2t, then of 2t + 8.
static vec::Values weightsOf(const WgmmaTile &t, Value stage, int64_t i) {
  const Block &e = t.e;
  if (t.element().isF16())
    return columnsOf(t, stage, i);
  auto [low, high] = wordsOf(t);
  Type word = e.b.getI32Type();
  vec::Values a;
  for (int64_t h = 0; h < 2; ++h) {
    int64_t line = t.tokenBytes() + (4 * i + 2 * h) * phi::kLineBytes;
    if (t.op.getGated()) {
      a.push_back(loadShared(t, word, e.add(stage, low), line));
      a.push_back(loadShared(t, word, e.add(stage, high), line));
      continue;
    }
    Value both = loadShared(t, e.vector(2, word), e.add(stage, low), line);
    for (int64_t row = 0; row < 2; ++row)
      a.push_back(vector::ExtractOp::create(e.b, e.loc, both, row));
  }
  return a;
}

/// A of half of a chunk's products.
static vec::Values halfOf(const WgmmaTile &t, Value stage, int64_t half) {
  vec::Values weights;
  for (int64_t i = 0; i < kProducts / 2; ++i)
    llvm::append_range(weights, weightsOf(t, stage, half * kProducts / 2 + i));
  return weights;
}

namespace {

class SharedWeights : public WgmmaWeights {
public:
  using WgmmaWeights::WgmmaWeights;

  void enter(Value tile) override { firstChunk = t.e.mul(tile, t.chunks()); }
  vec::Values begin() override { return halfOf(t, stageOf(t.e.index(0)), 0); }
  vec::Values second(Value i, ValueRange) override { return halfOf(t, stageOf(i), 1); }
  /// After the last chunk that once more.
  vec::Values following(Value i, ValueRange) override {
    Value next = t.e.min(t.e.add(i, 1), t.e.index(t.chunks() - 1));
    return halfOf(t, stageOf(next), 0);
  }

private:
  Value stageOf(Value i) const { return t.stage(t.e.add(firstChunk, i)); }

  Value firstChunk;
};

} // namespace

std::unique_ptr<WgmmaWeights> sharedWeights(const WgmmaTile &t) {
  return std::make_unique<SharedWeights>(t);
}

} // namespace phidias::cuda
