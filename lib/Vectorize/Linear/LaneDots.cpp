// A long pass by phi.dot: a lane of a token's codes multiplies 4 rows.

#include "LanePanels.h"

using namespace mlir;

namespace phidias::vec {
namespace {

class LaneDots : public LanePanels {
public:
  using LanePanels::LanePanels;

private:
  static constexpr int64_t kVectors = kHalfRows / kPartRows;

  SumPlace place(int64_t panel, int64_t half, int64_t token) const override {
    return {panel, token, half * kHalfRows, kHalfRows};
  }

  /// `quads`: [quad: 2][vector].
  void multiplyEight(ArrayRef<Value> quads, int64_t number, ValueRange records, Value group,
                     MutableArrayRef<Value> dots) const override {
    for (auto [i, quad] : llvm::enumerate(quads))
      for (auto [t, record] : llvm::enumerate(records)) {
        Value &sum = dots[t * kVectors + i % kVectors];
        Value factors = values.quad(record, t, group, 2 * number + i / kVectors);
        sum = phi::DotOp::create(e.b, e.loc, sum.getType(), sum, quad, factors, zeroedMax(),
                                 /*signed_codes=*/true);
      }
  }

  Value scaleOf(ValueRange records, int64_t token, Value group) const override {
    return values.scale(records[token], token, group);
  }
  Value sumOf(ValueRange records, int64_t token, Value group) const override {
    return values.scaledSum(records[token], token, group);
  }

  void storeCodes(Value line, int64_t part, Value even, Value odd) const override {
    storePart(even, e.add(line, part * kPartBytes));
    storePart(odd, e.add(line, (kVectors + part) * kPartBytes));
  }

  void storeScales(Value line, int64_t part, Value scales) const override {
    storePart(scales, e.add(line, part * kPartBytes));
  }

  bool matrix() const override { return false; }
};

} // namespace

std::unique_ptr<Panels> lanePanels(const LinearContext &c) { return std::make_unique<LaneDots>(c); }

} // namespace phidias::vec
