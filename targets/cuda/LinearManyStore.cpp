// What becomes of a tile's sums.

#include "targets/cuda/LinearManyTile.h"

using namespace mlir;

namespace phidias::cuda {

/// Two rows of a token.
static void storeRows(const ManyTile &t, Value row, Value token, ValueRange sums, ValueRange ups) {
  if (t.pairsRows())
    return storeTwoResults(t.e, t.op, row, token, sums, ups);
  for (int64_t i = 0; i < 2; ++i)
    storeResult(t.e, t.op, t.e.add(row, i * phi::kPanelRows / 2), token, sums[i],
                ups.empty() ? Value() : ups[i]);
}

/// A C fragment has two rows and two tokens.
static void storePanel(const ManyTile &t, const ManyOperands &operands, Value panel, ValueRange acc,
                       ValueRange up) {
  const Block &e = t.e;
  Value own = e.mul(e.div(e.lane, 4), t.pairsRows() ? 2 : 1);
  Value row = e.add(e.mul(panel, phi::kPanelRows), own);
  auto finished = [&](ValueRange sums, int64_t i, Value token) {
    vec::Values both;
    for (int64_t below = 0; below < 2 && !sums.empty(); ++below)
      both.push_back(operands.finish(sums[i + 2 * below], token));
    return both;
  };
  for (int64_t block = 0; block < t.blocks; ++block)
    for (int64_t second = 0; second < 2; ++second) {
      Value own = t.blockToken(block, e.add(e.mul(e.rem(e.lane, 4), 2), second));
      Value token = e.add(t.token, own);
      e.when(e.less(token, t.op.getCount()), [&] {
        int64_t i = 4 * block + second;
        vec::Values sums = finished(acc, i, own), others = finished(up, i, own);
        storeRows(t, row, token, sums, others);
      });
    }
}

void storeTile(const ManyTile &tile, const ManyOperands &operands, ValueRange acc) {
  Block e = tile.e.anew(); // where the sums go is found out now that all else is done
  ManyTile t(tile, e);
  int64_t sums = 4 * t.blocks, slots = t.op.getGated() ? 2 : 1; // of a panel of the result
  for (int64_t slot = 0; slot < t.kSlots; slot += slots) {
    Value panel = t.resultPanel(e.index(slot));
    ValueRange up = slots == 2 ? acc.slice((slot + 1) * sums, sums) : ValueRange();
    e.when(e.less(panel, e.index(t.tiles().panels())),
           [&] { storePanel(t, operands, panel, acc.slice(slot * sums, sums), up); });
  }
}

} // namespace phidias::cuda
