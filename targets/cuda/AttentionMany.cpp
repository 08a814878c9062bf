// Flash attention (Dao, 2023): 64 rows of an item at a time, a tile of 16 for two warps, which
// share the positions of each block; the next block is on its way while one is worked on. At the
// end the second of the two hands what it found to the first.

#include "targets/cuda/AttentionMany.h"
#include "targets/cuda/AttentionTile.h"
#include "targets/cuda/TensorCore.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {

static constexpr int64_t kRows = kTiles * kTileRows;
static constexpr int64_t kMostChannels = 128; ///< whose sums fit a thread's registers

bool fitsTensorCores(const Attend &a) {
  return !a.element.isF32() && a.headDim % 16 == 0 && a.headDim <= kMostChannels;
}

namespace {

struct Many {
  const Attend &a;
  const AttendItem &item;
  Value firstRow;
  const Block &e = a.e;
  Tile tile{a, item, firstRow};

  Value stageAt(Value start) const {
    Value number = e.rem(e.div(e.sub(start, item.from), kBlockPositions), 2);
    return e.mul(number, tile.stage.units());
  }

  void fill(Value start) const {
    e.when(e.less(start, item.to), [&] { fillStage(a, item, start, stageAt(start)); });
  }

  /// The warp's block, where its tile has any rows.
  Values attendBlock(Value start, ValueRange state) const {
    Value first = e.add(firstRow, e.mul(e.rem(e.warp, kTiles), kTileRows));
    Value times =
        arith::SelectOp::create(e.b, e.loc, e.less(first, item.rows), e.index(1), e.index(0));
    return e.loop(e.index(0), times, 1, state, [&](Value, ValueRange state) {
      return tile.attend(start, stageAt(start), TileState::of(state)).all();
    });
  }

  TileState attendAll() const {
    e.reserve(2 * tile.stage.units() * kUnit);
    fill(item.from);
    Values state = tile.nothing().all();
    state = e.loop(item.from, item.to, kBlockPositions, state, [&](Value start, ValueRange state) {
      waitCopies(e, 0);
      e.barrier(); // all see the block, and none reads the one before
      fill(e.add(start, kBlockPositions));
      return attendBlock(start, state);
    });
    return TileState::of(state);
  }
};

/// What becomes of what the warps of a tile found.
struct Found {
  const Attend &a;
  const AttendItem &item;
  Value firstRow;
  const Block &e = a.e;
  TileRows tile{a, item, firstRow};

  Value isFirstHalf() const { return e.less(tile.half, e.index(1)); }

  /// Lane after lane, so that the first half's threads take what the same thread of the other left.
  Value handed() const {
    int64_t values = 4 + a.headDim / 2;
    return e.shared(0, {values, kTiles * kWarpThreads}, e.b.getF32Type());
  }
  Value place() const { return e.rem(e.thread, kTiles * kWarpThreads); }

  void hand(const TileState &state) const {
    for (auto [i, value] : llvm::enumerate(state.all()))
      e.storeOne(value, handed(), {e.index(static_cast<int64_t>(i)), place()});
  }

  TileState take() const {
    Values values;
    for (int64_t i = 0; i < 4 + a.headDim / 2; ++i)
      values.push_back(e.loadOne(handed(), {e.index(i), place()}));
    return TileState::of(values);
  }

  /// What both found of a row.
  void storeRow(int64_t r, const TileState &own, const TileState &other) const {
    Value largest = e.maxf(own.largest[r], other.largest[r]);
    Value mine = expOfNegative(e, e.subf(own.largest[r], largest));
    Value its = expOfNegative(e, e.subf(other.largest[r], largest));
    auto both = [&](Value x, Value y) { return e.fma(y, its, e.mulf(x, mine)); };
    Value weights = both(own.weights[r], other.weights[r]);
    Value column = e.mul(e.rem(e.lane, 4), 2);
    for (int64_t i = 2 * r; i < a.headDim / 2; i += 4) {
      Value sums = vector::FromElementsOp::create(
          e.b, e.loc, e.floats(2),
          ValueRange{both(own.sums[i], other.sums[i]), both(own.sums[i + 1], other.sums[i + 1])});
      storeSums(a, item, tile.which[r], e.add(column, 2 * (i - 2 * r)), sums, weights);
    }
    Value first = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq, column, e.index(0));
    e.when(first, [&] { storeWeights(a, item, tile.which[r], largest, weights); });
  }

  void store(TileState state) const {
    for (Value &weights : state.weights)
      weights = e.sum(weights, 4);
    e.barrier(); // none reads a block any more
    e.either(isFirstHalf(), [] {}, [&] { hand(state); });
    e.barrier();
    e.when(isFirstHalf(), [&] {
      TileState other = take();
      for (int64_t r = 0; r < 2; ++r)
        e.when(e.less(tile.row[r], item.rows), [&] { storeRow(r, state, other); });
    });
  }
};

} // namespace

void attendMany(const Attend &a) {
  const Block &e = a.e;
  eachItem(a, [&](const AttendItem &item) {
    e.loop(e.index(0), item.rows, kRows, [&](Value row) {
      e.barrier(); // others may still read what was handed over last
      Block block = e.anew();
      Attend own(block, a.op);
      AttendItem ownItem = again(own, item);
      TileState state = Many{own, ownItem, block.opaque(row)}.attendAll();
      Block last = e.anew();
      Attend after(last, a.op);
      AttendItem itemAfter = again(after, item);
      Found{after, itemAfter, last.opaque(row)}.store(state);
    });
  });
}

} // namespace phidias::cuda
