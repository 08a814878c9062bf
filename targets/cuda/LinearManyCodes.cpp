// Panels of codes → f16 fragments.

#include "targets/cuda/LinearManyCodes.h"
#include "targets/cuda/WideRow.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kRows = 2, kThreadsALine = phi::kPanelRows / kRows; // of a line of codes

/// Where a lane's fragment lies: threads that store, and those that load, are spread over the
/// banks.
Value laneUnit(const ManyTile &t, Value lane) { return t.exclusiveOr(lane, t.e.div(lane, 8)); }

/// Where a tile has less than that, the last warps have nothing to do.
void ManyCodes::enter() {
  Value unit = e.div(e.thread, kThreadsALine);
  firstRow = e.mul(e.rem(e.thread, kThreadsALine), kRows);
  line = e.rem(unit, lines);
  slot = e.div(unit, lines);
  Value half = e.div(line, lines / 2);
  int64_t apart = kBlockThreads / kThreadsALine / lines;
  units = std::max<int64_t>(1, t.kSlots / apart);
  starts.clear();
  for (int64_t i = 0; i < units; ++i) {
    Value start = t.panelStart(e.rem(e.add(slot, i * apart), t.kSlots));
    auto part = [&](Value group, int64_t groupBytes, int64_t rowBytes, int64_t at) {
      Value own = e.add(e.mul(group, groupBytes), e.mul(firstRow, rowBytes));
      starts.push_back(e.add(e.add(start, own), at));
    };
    part(line, phi::kLineBytes, 4, t.step.codes);
    if (type.getBits() != 6) {
      part(half, 2 * phi::kPanelRows, 2, t.step.scales);
      continue;
    }
    part(half, 2 * phi::kLineBytes, 4, t.step.high);
    part(half, 2 * phi::kPanelRows, 1, t.step.scales);
    part(half, 0, 4, t.step.super);
  }
}

void ManyCodes::loadUnit(ValueRange places, Value from, vec::Values &loaded) const {
  auto rows = [&](Type element, int64_t place, int64_t more = 0) {
    Value at = e.add(e.add(places[place], from), more);
    loaded.push_back(e.loadAligned(e.vector(kRows, element), t.op.getWeights(), at));
  };
  rows(e.b.getI32Type(), 0);
  if (type.getBits() != 6) {
    rows(e.b.getF16Type(), 1);
    if (type.getMinimum())
      rows(e.b.getF16Type(), 1, t.step.minima - t.step.scales);
    return;
  }
  for (int64_t side = 0; side < 2; ++side)
    rows(e.b.getI32Type(), 1, side * phi::kLineBytes);
  for (int64_t side = 0; side < 2; ++side)
    rows(e.b.getI8Type(), 2, side * phi::kPanelRows);
  rows(e.b.getF32Type(), 3);
}

vec::Values ManyCodes::load(Value from) const {
  vec::Values loaded;
  for (int64_t i = 0; i < units; ++i)
    loadUnit(ArrayRef(starts).slice(i * placesOfUnit(), placesOfUnit()), from, loaded);
  return loaded;
}

void ManyCodes::storeUnit(ValueRange loaded, Value start) const {
  Type unit = e.vector(4, e.b.getI32Type());
  Value shared = t.shared(unit, start);
  for (int64_t side = 0; side < sides(); ++side) {
    Value words =
        vector::FromElementsOp::create(e.b, e.loc, cast<VectorType>(unit), fragment(loaded, side));
    e.storeOne(words, shared, e.index(side * kFragmentBytes / kUnitBytes));
  }
}

void ManyCodes::store(ValueRange loaded, Value stage) const {
  Value lane = e.add(e.mul(e.div(firstRow, kRows), 4), e.rem(line, 4));
  Value part = e.mul(e.div(line, 4), sides());
  Value own = e.add(e.mul(part, kFragmentBytes), e.mul(laneUnit(t, lane), kUnitBytes));
  int64_t apart = kBlockThreads / kThreadsALine / lines;
  auto all = [&] {
    for (int64_t i = 0; i < units; ++i) {
      Value panel = e.mul(e.add(slot, i * apart), kPanelBytes);
      storeUnit(loaded.slice(i * loadsOfUnit(), loadsOfUnit()), e.add(stage, e.add(panel, own)));
    }
  };
  if (t.kSlots >= apart)
    return all();
  e.when(e.less(slot, e.index(t.kSlots)), all);
}

} // namespace phidias::cuda
