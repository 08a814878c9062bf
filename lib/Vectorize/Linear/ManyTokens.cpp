// A long pass is bound by the dot products: a tile of panels is unpacked, chunk of columns by
// chunk, into scratch that stays in the first cache, and multiplied with all tokens, a few at a
// time whose accumulators stay in registers.

#include "Panels.h"

using namespace mlir;

namespace phidias::vec {
namespace {

class ManyTokens {
public:
  ManyTokens(const LinearContext &c, const Panels &panels)
      : c(c), e(c.e), panels(panels), tile(c.schedule.getPanels()), tokens(c.schedule.getTokens()),
        sumsAt(unpackedBytes(c.op, c.target) * tile) {}

  void emit() const {
    int64_t results = c.op.getGated() ? tile / 2 : tile; // panels of the result in a tile
    e.loop(c.op.getFrom(), c.op.getTo(), results, [&](Value first) { emitTile(first, results); });
  }

private:
  /// A tile that goes beyond the share repeats its last panel.
  SmallVector<Value> resultPanels(Value first, int64_t results) const {
    SmallVector<Value> all;
    Value last = e.sub(c.op.getTo(), e.index(1));
    for (int64_t i = 0; i < results; ++i)
      all.push_back(e.min(e.add(first, i), last));
    return all;
  }

  void emitTile(Value first, int64_t results) const {
    SmallVector<Value> targets = resultPanels(first, results), starts;
    for (Value panel : targets)
      starts.push_back(c.panelStart(panel));
    if (c.op.getGated())
      for (Value panel : targets)
        starts.push_back(c.panelStart(e.add(panel, c.op.getRows() / 2 / phi::kPanelRows)));
    clearSums();
    int64_t chunkSteps = c.schedule.getChunk() / phi::kStepColumns;
    e.loop(e.index(0), e.index(c.steps), chunkSteps, [&](Value step) {
      Value end = e.min(e.add(step, chunkSteps), e.index(c.steps));
      emitChunk(starts, step, e.sub(end, step));
    });
    e.loop(e.index(0), c.op.getCount(), c.acts.pairs ? 2 : 1, [&](Value t) {
      finish(targets, first, t, 0);
      if (!c.acts.pairs)
        return;
      Value second = e.add(t, 1);
      e.when(e.less(second, c.op.getCount()), [&] { finish(targets, first, t, 1); });
    });
  }

  /// What becomes of the sums of token `first + which` for the panels from `panel` on. The residual
  /// may be the result itself: a panel that a tile repeats must not be added twice.
  void finish(ArrayRef<Value> targets, Value panel, Value first, int64_t which) const {
    for (auto [i, target] : llvm::enumerate(targets)) {
      auto write = [&, i = i, target = target] {
        SmallVector<Value> own{finalSum(first, which, i)};
        if (c.op.getGated())
          own.push_back(finalSum(first, which, targets.size() + i));
        emitEpilogue(c, target, which ? e.add(first, which) : first, own);
      };
      if (i > 0 && c.op.getResidual())
        e.when(e.less(e.add(panel, i), c.op.getTo()), write);
      else
        write();
    }
  }

  /// Of a pair, the sums are [row][token of the pair], half of the rows in the place of each.
  Value finalSum(Value first, int64_t which, int64_t panel) const {
    if (!c.acts.pairs)
      return loadSum(first, {panel, 0});
    SmallVector<int64_t> own;
    for (int64_t row = 0; row < kLanes; ++row)
      own.push_back(2 * row + which);
    return vector::ShuffleOp::create(e.b, e.loc, loadSum(first, {panel, 0}),
                                     loadSum(first, {panel, 1}), own);
  }

  Value padded() const { return e.mul(e.ceilDiv(c.op.getCount(), tokens), tokens); }

  /// [token][panel of the tile][16] f32, after the unpacked chunk; `first`: place.token 0.
  Value sumAt(Value first, SumPlace place) const {
    Value token = e.add(first, place.token);
    return e.add(e.mul(e.add(e.mul(token, tile), place.panel), phi::kLineBytes),
                 sumsAt + place.row * sizeof(float));
  }
  Value loadSum(Value first, SumPlace place) const {
    Value bytes = e.load(place.rows * sizeof(float), c.op.getScratch(), sumAt(first, place));
    return e.recast(bytes, place.rows, e.b.getF32Type());
  }
  void storeSum(Value sum, Value first, SumPlace place) const {
    e.store(e.recast(sum, place.rows * sizeof(float), e.b.getI8Type()), c.op.getScratch(),
            sumAt(first, place));
  }

  void clearSums() const {
    e.loop(e.index(0), padded(), 1, [&](Value t) {
      for (int64_t p = 0; p < tile; ++p)
        storeSum(e.zeros(kLanes), t, {p, 0});
    });
  }

  void emitChunk(ArrayRef<Value> starts, Value step, Value steps) const {
    e.loop(e.index(0), steps, panels.unpackSteps(), [&](Value i) {
      Value at = e.mul(e.add(step, i), c.step.bytes);
      for (int64_t p = 0; p < tile; ++p)
        panels.unpackStep(e.add(starts[p], at), i, p);
    });
    Value column = e.mul(step, phi::kStepColumns);
    Value groups = e.div(e.mul(steps, phi::kStepColumns), panels.groupColumns());
    e.loop(e.index(0), padded(), tokens, [&](Value t) { emitBlock(t, column, groups); });
  }

  void emitBlock(Value first, Value column, Value groups) const {
    SmallVector<Value> records;
    for (int64_t t = 0; t < tokens; ++t)
      records.push_back(c.record(first, t));
    for (auto [part, places] : llvm::enumerate(panels.parts()))
      emitPart(first, column, groups, records, part, places);
  }

  /// The same columns of the next tokens: a record's piece of a chunk is too short for the machine
  /// to see that it is read in order. Two tokens' records and small cores: not tried.
  void fetchNext(Value group, Value column, ValueRange records) const {
    if (c.target.valueLanes)
      return;
    int64_t bytes = c.op.getActivation().getIntOrFloatBitWidth() / 8;
    Value from = e.mul(e.add(column, e.mul(group, panels.groupColumns())), bytes);
    for (Value record : records)
      for (int64_t at = 0; at < panels.groupColumns() * bytes; at += phi::kLineBytes) {
        Value word = e.div(e.add(from, at), 4);
        e.prefetch(c.words, e.add(e.add(record, tokens * c.acts.bytes / 4), word), /*near=*/true);
      }
  }

  void emitPart(Value first, Value column, Value groups, ValueRange records, int64_t part,
                ArrayRef<SumPlace> places) const {
    auto multiply = [&](Value group, Panels::Sums sums) {
      fetchNext(group, column, records);
      panels.multiplyGroup(group, column, records, part, sums);
    };
    if (!panels.keepsSums()) {
      auto add = [&](Value group) {
        Values acc;
        multiply(group, [&]() -> MutableArrayRef<Value> { return acc = loadSums(first, places); });
        storeSums(acc, first, places);
      };
      // In a loop, even of one turn, LLVM would carry them in registers all the same.
      bool isOne = c.schedule.getChunk() == panels.groupColumns();
      return isOne ? add(e.index(0)) : e.loop(e.index(0), groups, 1, add);
    }
    Values ends = e.loop(e.index(0), groups, 1, loadSums(first, places),
                         [&](Value group, ValueRange carried) {
                           Values acc(carried);
                           multiply(group, [&]() -> MutableArrayRef<Value> { return acc; });
                           return acc;
                         });
    storeSums(ends, first, places);
  }

  Values loadSums(Value first, ArrayRef<SumPlace> places) const {
    Values sums;
    for (SumPlace place : places)
      sums.push_back(loadSum(first, place));
    return sums;
  }
  void storeSums(ArrayRef<Value> sums, Value first, ArrayRef<SumPlace> places) const {
    for (auto [sum, place] : llvm::zip_equal(sums, places))
      storeSum(sum, first, place);
  }

  const LinearContext &c;
  const Emitter &e;
  const Panels &panels;
  int64_t tile, tokens;
  int64_t sumsAt;
};

} // namespace

SmallVector<SumPlace> wholeTile(phi::ScheduleAttr schedule) {
  SmallVector<SumPlace> places;
  for (int64_t p = 0; p < schedule.getPanels(); ++p)
    for (int64_t t = 0; t < schedule.getTokens(); ++t)
      places.push_back({p, t});
  return places;
}

SmallVector<SmallVector<SumPlace>> panelByPanel(phi::ScheduleAttr schedule) {
  SmallVector<SmallVector<SumPlace>> parts(schedule.getPanels());
  for (SumPlace place : wholeTile(schedule))
    parts[place.panel].push_back(place);
  return parts;
}

void emitManyTokens(const LinearContext &c, const Panels &panels) { ManyTokens(c, panels).emit(); }

} // namespace phidias::vec
