// A long pass by phi.dot_matrix: 8 rows of a panel times the tile's tokens, 2 by 2.

#include "LaneGroup.h"
#include "LanePanels.h"

using namespace mlir;

namespace phidias::vec {
namespace {

class LaneMatrix : public LanePanels {
public:
  using LanePanels::LanePanels;

  /// Half h of a panel: the sums of the pair (2i, 2i + 1) are in the place of token 2i + h.
  SmallVector<SmallVector<SumPlace>> parts() const override {
    SmallVector<SmallVector<SumPlace>> parts;
    for (int64_t panel = 0; panel < c.schedule.getPanels(); ++panel)
      for (int64_t half = 0; half < 2; ++half) {
        parts.emplace_back();
        for (int64_t t = 0; t < c.schedule.getTokens(); t += 2)
          parts.back().push_back({panel, t + half});
      }
    return parts;
  }

  void multiplyGroup(Value group, Value column, ValueRange records, int64_t part,
                     MutableArrayRef<Value> acc) const override {
    LaneGroup layout(type, c.schedule, /*matrix=*/true);
    Value at = groupAt(group, part / 2, layout.bytes), whole = e.add(e.div(column, 32), group);
    int64_t pairs = acc.size(), first = part % 2 * kVectors * kPartBytes;
    SmallVector<Values> dots(pairs); // [pair][two rows]
    for (int64_t pair = 0; pair < pairs; ++pair)
      for (int64_t rows = 0; rows < kVectors; ++rows)
        dots[pair].push_back(loadPart(
            e.add(at, layout.starts + (pair * kVectors + rows) * kPartBytes), e.b.getI32Type()));
    for (int64_t block = 0; block < kQuads / 2; ++block)
      for (int64_t rows = 0; rows < kVectors; ++rows) {
        Value eight = loadPart(e.add(at, first + block * 128 + rows * kPartBytes), e.b.getI8Type());
        for (int64_t pair = 0; pair < pairs; ++pair)
          dots[pair][rows] = phi::DotMatrixOp::create(
              e.b, e.loc, dots[pair][rows].getType(), dots[pair][rows], eight,
              values.pairBlock(records[2 * pair], whole, block), zeroedMax(),
              /*signed_codes=*/true);
      }
    for (int64_t pair = 0; pair < pairs; ++pair)
      acc[pair] =
          foldPair(acc[pair], dots[pair], at, first, layout, pair, records[2 * pair], whole);
  }

private:
  static constexpr int64_t kVectors = 4; ///< vectors of two rows by two tokens that 8 rows make

  Value foldPair(Value acc, ArrayRef<Value> dots, Value at, int64_t first, const LaneGroup &layout,
                 int64_t pair, Value record, Value group) const {
    Values sums;
    for (int64_t rows = 0; rows < kVectors; ++rows) {
      auto load = [&](int64_t line) {
        return loadPart(e.add(at, line + first + rows * kPartBytes), e.b.getF32Type());
      };
      Value sum =
          fold(e.slice(acc, rows * 4, 4), dots[rows], load(LaneGroup::scales),
               load(layout.offsets + pair * layout.lineBytes), values.pairScales(record, group));
      if (type.getMinimum())
        sum = e.fma(load(layout.minima), values.pairSums(record, group), sum);
      sums.push_back(sum);
    }
    return e.join(sums);
  }

  Value zip(Value x, Value y, int64_t half) const {
    return vector::ShuffleOp::create(
        e.b, e.loc, x, y, ArrayRef<int64_t>{2 * half, 4 + 2 * half, 2 * half + 1, 5 + 2 * half});
  }

  /// Two quads of four rows become twice two rows of 8 columns.
  void storeCodes(Value at, int64_t block, int64_t part, Value even, Value odd) const override {
    Type words = e.b.getI32Type();
    for (int64_t half = 0; half < 2; ++half)
      storePart(zip(e.recast(even, 4, words), e.recast(odd, 4, words), half),
                e.add(at, block * 128 + (2 * part + half) * kPartBytes));
  }

  void storeScales(Value at, int64_t part, Value scales) const override {
    for (int64_t half = 0; half < 2; ++half)
      storePart(zip(scales, scales, half), e.add(at, (2 * part + half) * kPartBytes));
  }

  bool matrix() const override { return true; }
};

} // namespace

std::unique_ptr<Panels> matrixPanels(const LinearContext &c) {
  return std::make_unique<LaneMatrix>(c);
}

} // namespace phidias::vec
