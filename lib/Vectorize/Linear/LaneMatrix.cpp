// A long pass by phi.dot_matrix: sums of two rows times two tokens.

#include "LanePanels.h"

using namespace mlir;

namespace phidias::vec {
namespace {

class LaneMatrix : public LanePanels {
public:
  using LanePanels::LanePanels;

private:
  static constexpr int64_t kVectors = kHalfRows / 2;

  /// The sums of half h of the tokens (2i, 2i + 1) are in the place of token 2i + h.
  SumPlace place(int64_t panel, int64_t half, int64_t pair) const override {
    return {panel, 2 * pair + half};
  }

  /// `eights`: 8 columns of two rows each.
  void multiplyEight(ArrayRef<Value> eights, int64_t number, ValueRange records, Value group,
                     MutableArrayRef<Value> dots) const override {
    for (auto [i, eight] : llvm::enumerate(eights))
      for (size_t pair = 0; pair < records.size() / 2; ++pair) {
        Value &sum = dots[pair * kVectors + i];
        Value factors = values.pairBlock(records[2 * pair], group, number);
        sum = phi::DotMatrixOp::create(e.b, e.loc, sum.getType(), sum, eight, factors, zeroedMax(),
                                       /*signed_codes=*/true);
      }
  }

  Value scaleOf(ValueRange records, int64_t pair, Value group) const override {
    return values.pairScales(records[2 * pair], group);
  }
  Value sumOf(ValueRange records, int64_t pair, Value group) const override {
    return values.pairSums(records[2 * pair], group);
  }

  Value zip(Value x, Value y, int64_t half) const {
    return vector::ShuffleOp::create(
        e.b, e.loc, x, y, ArrayRef<int64_t>{2 * half, 4 + 2 * half, 2 * half + 1, 5 + 2 * half});
  }

  /// Two quads of four rows become twice two rows of 8 columns.
  void storeCodes(Value line, int64_t part, Value even, Value odd) const override {
    Type words = e.b.getI32Type();
    for (int64_t half = 0; half < 2; ++half)
      storePart(zip(e.recast(even, 4, words), e.recast(odd, 4, words), half),
                e.add(line, (2 * part + half) * kPartBytes));
  }

  void storeScales(Value line, int64_t part, Value scales) const override {
    for (int64_t half = 0; half < 2; ++half)
      storePart(zip(scales, scales, half), e.add(line, (2 * part + half) * kPartBytes));
  }

  bool matrix() const override { return true; }
};

} // namespace

std::unique_ptr<Panels> matrixPanels(const LinearContext &c) {
  return std::make_unique<LaneMatrix>(c);
}

} // namespace phidias::vec
