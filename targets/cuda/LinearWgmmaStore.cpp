#include "targets/cuda/LinearEpilogue.h"
#include "targets/cuda/LinearWgmma.h"

using namespace mlir;

namespace phidias::cuda {

/// Rows `row` and the next, which lie side by side.
static void storePair(const WgmmaTile &t, Value row, Value token, ValueRange sums) {
  const Block &e = t.e;
  const llvm::Align kPair(2 * sizeof(float));
  Value both = vector::FromElementsOp::create(e.b, e.loc, e.floats(2), sums);
  vec::Values at{token, row};
  if (Value residual = t.op.getResidual())
    both =
        e.addf(vector::LoadOp::create(e.b, e.loc, e.floats(2), residual, at, false, kPair), both);
  vector::StoreOp::create(e.b, e.loc, both, t.op.getResult(), at, false, kPair);
}

/// What a lane has of one token: rows g and g + 8 of the warp's.
static void storeToken(const WgmmaTile &t, Value panel, Value token, vec::Values sums) {
  const Block &e = t.e;
  if (t.acts.factor >= 0) {
    Value at = tiledFactor(e, t.acts, token);
    Value factor = e.loadAligned(e.b.getF32Type(), t.op.getActivations(), at);
    for (Value &sum : sums)
      sum = e.mulf(sum, factor);
  }
  Value first = e.mul(panel, phi::kPanelRows), g = e.div(e.lane, 4);
  if (t.op.getGated()) {
    Value row = e.add(e.add(first, e.mul(e.rem(e.warp, 2), 8)), g);
    return storeResult(e, t.op, row, token, sums[0], sums[1]);
  }
  Value row = e.add(first, e.mul(g, t.pairsRows() ? 2 : 1));
  if (t.pairsRows() && t.op.getRows() % phi::kPanelRows == 0)
    return storePair(t, row, token, sums);
  for (int64_t below = 0; below < 2; ++below)
    storeResult(e, t.op, e.add(row, t.pairsRows() ? below : 8 * below), token, sums[below],
                Value());
}

void storeTile(const WgmmaTile &t, Value tile, ValueRange acc) {
  const Block &e = t.e;
  Value panel = e.add(t.firstPanel(tile), t.op.getGated() ? e.div(e.warp, 2) : e.warp);
  Value first = e.add(t.firstToken(tile), e.mul(e.rem(e.lane, 4), 2));
  e.when(e.less(panel, e.index(t.panels())), [&] {
    for (int64_t block = 0; block < t.tokens / 8; ++block)
      for (int64_t second = 0; second < 2; ++second) {
        Value token = e.add(first, 8 * block + second);
        e.when(e.less(token, t.op.getCount()), [&] {
          storeToken(t, panel, token, {acc[4 * block + second], acc[4 * block + 2 + second]});
        });
      }
  });
}

} // namespace phidias::cuda
