// A long pass on machines that take a factor from a lane: 8 rows of a panel times the tile's
// tokens.

#include "LanePanels.h"

using namespace mlir;

namespace phidias::vec {

SmallVector<SmallVector<SumPlace>> LanePanels::parts() const {
  int64_t copies = layout().copies;
  SmallVector<SmallVector<SumPlace>> parts;
  for (int64_t panel = 0; panel < c.schedule.getPanels(); ++panel)
    for (int64_t half = 0; half < kHalves; ++half) {
      parts.emplace_back();
      for (int64_t copy = 0; copy < copies; ++copy)
        parts.back().push_back(place(panel, half, copy));
    }
  return parts;
}

void LanePanels::multiplyGroup(Value block, Value column, ValueRange records, int64_t part,
                               Sums sums) const {
  LaneGroup lines = layout();
  int64_t half = part % kHalves, groups = c.block / 32;
  Value at = blockAt(block, part / kHalves);
  Value whole = e.add(e.div(column, 32), e.mul(block, groups));
  Value codesAt = e.add(at, half * lines.halfBytes);
  Values dots = loadParts(e.add(at, lines.starts), lines.copies * lines.vectors, e.b.getI32Type());
  if (groups == 1)
    multiplyColumns(codesAt, e.index(0), whole, records, dots);
  else
    dots = e.loop(e.index(0), e.index(groups), 1, dots, [&](Value group, ValueRange carried) {
      Values next(carried);
      multiplyColumns(codesAt, group, e.add(whole, group), records, next);
      return next;
    });
  fold(sums(), dots, at, half, records, whole);
}

void LanePanels::multiplyColumns(Value at, Value group, Value whole, ValueRange records,
                                 MutableArrayRef<Value> dots) const {
  Value first = e.add(at, e.mul(group, kEights * phi::kLineBytes));
  for (int64_t eight = 0; eight < kEights; ++eight) {
    Value line = e.add(first, eight * phi::kLineBytes);
    multiplyEight(loadParts(line, phi::kLineBytes / kPartBytes, e.b.getI8Type()), eight, records,
                  whole, dots);
  }
}

void LanePanels::fold(MutableArrayRef<Value> acc, ArrayRef<Value> dots, Value at, int64_t half,
                      ValueRange records, Value group) const {
  LaneGroup layout = this->layout();
  auto load = [&](int64_t lines, int64_t number) {
    return loadParts(e.add(at, lines + number * layout.lineBytes()), layout.vectors,
                     e.b.getF32Type());
  };
  Values scales = load(layout.scales, half);
  Values minima = type.getMinimum() ? load(layout.minima, half) : Values();
  for (auto [copy, whole] : llvm::enumerate(acc)) {
    // Two or four vectors at once, not all: registers side by side are hard to come by.
    Values sums, offsets = load(layout.offsets, half * layout.copies + copy);
    for (int64_t v = 0; v < layout.vectors; ++v) {
      Value shifted = e.recast(dots[copy * layout.vectors + v], 4, e.b.getF32Type());
      Value sum = e.fma(e.fma(shifted, scales[v], offsets[v]), scaleOf(records, copy, group),
                        e.slice(whole, 4 * v, 4));
      if (!minima.empty())
        sum = e.fma(minima[v], sumOf(records, copy, group), sum);
      sums.push_back(sum);
    }
    whole = e.join(sums);
  }
}

Value LanePanels::blockAt(Value block, int64_t panel) const {
  return e.mul(e.add(e.mul(block, c.schedule.getPanels()), panel), layout().bytes);
}

Values LanePanels::loadParts(Value at, int64_t count, Type element) const {
  int64_t lanes = 8 * kPartBytes / element.getIntOrFloatBitWidth();
  Values parts;
  while (count > 0) {
    int64_t some = count >= 4 ? 4 : count >= 2 ? 2 : 1;
    Value line = e.load(some * kPartBytes, c.op.getScratch(), at);
    for (int64_t i = 0; i < some; ++i)
      parts.push_back(e.recast(e.slice(line, i * kPartBytes, kPartBytes), lanes, element));
    at = e.add(at, some * kPartBytes);
    count -= some;
  }
  return parts;
}

} // namespace phidias::vec
