// bf16 weights and activations.
//
//     panel of a stage   lines of 64 bytes (columns 2l and 2l + 1 of 16 rows), four units each;
//     unit               4l + q lies at that ^ 6 * (l / 2 % 2)

#include "targets/cuda/LinearManyCopied.h"

using namespace mlir;

namespace phidias::cuda {
namespace {

class Bf16Operands : public CopiedOperands {
public:
  using CopiedOperands::CopiedOperands;

  vec::Values fragment(Value stage, int64_t slot, int64_t part) const override {
    Value line = e.rem(e.lane, 4), pair = e.div(e.lane, 4);
    Value unit = swizzled(e.add(e.mul(line, 4), e.div(pair, 2)), line);
    Value own = e.add(e.mul(unit, kUnitBytes), e.mul(e.rem(pair, 2), 8));
    Value two = t.shared(e.vector(2, e.b.getI32Type()), e.add(stage, own));
    vec::Values registers;
    for (int64_t later = 0; later < 2; ++later) {
      int64_t at = slot * kPanelBytes + (8 * part + 4 * later) * phi::kLineBytes;
      Value rows = e.loadOne(two, e.index(at / 8));
      for (int64_t row = 0; row < 2; ++row)
        registers.push_back(vector::ExtractOp::create(e.b, e.loc, rows, row));
    }
    return registers;
  }

private:
  Value placeOf(Value unit) const override { return swizzled(unit, e.div(unit, 4)); }
  Value swizzled(Value unit, Value line) const {
    return t.exclusiveOr(unit, e.mul(e.rem(e.div(line, 2), 2), 6));
  }
};

} // namespace

std::unique_ptr<ManyOperands> bf16Operands(const ManyTile &tile) {
  return std::make_unique<Bf16Operands>(tile);
}

} // namespace phidias::cuda
