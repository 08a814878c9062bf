// A long pass by phi.dot: a tile's panel times its tokens, a lane of whose codes multiplies 4 rows.

#include "LaneGroup.h"
#include "LanePanels.h"

using namespace mlir;

namespace phidias::vec {
namespace {

class LaneDots : public LanePanels {
public:
  using LanePanels::LanePanels;

  SmallVector<SmallVector<SumPlace>> parts() const override { return panelByPanel(c.schedule); }

  void multiplyGroup(Value group, Value column, ValueRange records, int64_t panel,
                     MutableArrayRef<Value> acc) const override {
    LaneGroup layout(type, c.schedule, /*matrix=*/false);
    Value at = groupAt(group, panel, layout.bytes), whole = e.add(e.div(column, 32), group);
    int64_t tokens = records.size();
    SmallVector<Values> dots(tokens); // [token][part]
    for (int64_t t = 0; t < tokens; ++t)
      for (int64_t part = 0; part < kParts; ++part)
        dots[t].push_back(loadPart(e.add(at, layout.starts + (t * kParts + part) * kPartBytes),
                                   e.b.getI32Type()));
    for (int64_t q = 0; q < kQuads; ++q)
      for (int64_t part = 0; part < kParts; ++part) {
        Value quad = loadPart(e.add(at, q * phi::kLineBytes + part * kPartBytes), e.b.getI8Type());
        for (auto [t, record] : llvm::enumerate(records))
          dots[t][part] = dotZeroed(dots[t][part], quad, values.quad(record, t, whole, q));
      }
    for (auto [t, record] : llvm::enumerate(records))
      acc[t] = foldToken(acc[t], dots[t], at, layout, record, t, whole);
  }

private:
  Value foldToken(Value acc, ArrayRef<Value> dots, Value at, const LaneGroup &layout, Value record,
                  int64_t token, Value group) const {
    Values sums;
    for (int64_t part = 0; part < kParts; ++part) {
      auto load = [&](int64_t line) {
        return loadPart(e.add(at, line + part * kPartBytes), e.b.getF32Type());
      };
      Value sum = e.slice(acc, part * kPartRows, kPartRows);
      sum =
          fold(sum, dots[part], load(LaneGroup::scales),
               load(layout.offsets + token * layout.lineBytes), values.scale(record, token, group));
      if (type.getMinimum())
        sum = e.fma(load(layout.minima), values.scaledSum(record, token, group), sum);
      sums.push_back(sum);
    }
    return e.join(sums);
  }
};

} // namespace

std::unique_ptr<Panels> lanePanels(const LinearContext &c) { return std::make_unique<LaneDots>(c); }

} // namespace phidias::vec
