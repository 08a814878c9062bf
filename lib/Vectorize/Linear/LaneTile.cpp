// A long pass on machines that take a factor from a lane: 8 rows of a panel times the tile's
// tokens.

#include "LaneGroup.h"
#include "LanePanels.h"

using namespace mlir;

namespace phidias::vec {

SmallVector<SmallVector<SumPlace>> LanePanels::parts() const {
  int64_t copies = LaneGroup(type, c.schedule, matrix()).copies;
  SmallVector<SmallVector<SumPlace>> parts;
  for (int64_t panel = 0; panel < c.schedule.getPanels(); ++panel)
    for (int64_t half = 0; half < kHalves; ++half) {
      parts.emplace_back();
      for (int64_t copy = 0; copy < copies; ++copy)
        parts.back().push_back(place(panel, half, copy));
    }
  return parts;
}

void LanePanels::multiplyGroup(Value group, Value column, ValueRange records, int64_t part,
                               MutableArrayRef<Value> acc) const {
  LaneGroup layout(type, c.schedule, matrix());
  Value at = groupAt(group, part / kHalves, layout.bytes);
  Value whole = e.add(e.div(column, 32), group);
  int64_t half = part % kHalves;
  Values dots =
      loadParts(e.add(at, layout.starts), layout.copies * layout.vectors, e.b.getI32Type());
  for (int64_t block = 0; block < kBlocks; ++block) {
    Value line = e.add(at, half * LaneGroup::halfBytes + block * phi::kLineBytes);
    multiplyBlock(loadParts(line, phi::kLineBytes / kPartBytes, e.b.getI8Type()), block, records,
                  whole, dots);
  }
  fold(acc, dots, at, half, records, whole);
}

void LanePanels::fold(MutableArrayRef<Value> acc, ArrayRef<Value> dots, Value at, int64_t half,
                      ValueRange records, Value group) const {
  LaneGroup layout(type, c.schedule, matrix());
  auto load = [&](int64_t lines, int64_t number) {
    return loadParts(e.add(at, lines + number * layout.lineBytes()), layout.vectors,
                     e.b.getF32Type());
  };
  Values scales = load(LaneGroup::scales, half);
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

Value LanePanels::groupAt(Value group, int64_t panel, int64_t groupBytes) const {
  return e.mul(e.add(e.mul(group, c.schedule.getPanels()), panel), groupBytes);
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
