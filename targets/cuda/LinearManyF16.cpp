// f16 weights by wide rows (WideRow.h). A panel has its columns one after the other, which
// ldmatrix turns into rows of A.
//
//     panel of a stage   columns of 32 bytes, two units each: rows 0 .. 7 and 8 .. 15; unit
//                        2c + h lies at that ^ (c / 4 % 2)

#include "targets/cuda/LinearManyCopied.h"
#include "targets/cuda/TensorCore.h"

using namespace mlir;

namespace phidias::cuda {
namespace {

class F16Operands : public CopiedOperands {
public:
  using CopiedOperands::CopiedOperands;

  void enter() override {
    bringFactors(t);
    CopiedOperands::enter();
  }

  /// Matrices of 8 rows by 8 columns: rows 0 .. 7 and 8 .. 15 of eight columns, the same of the
  /// next eight.
  vec::Values fragment(Value stage, int64_t slot, int64_t part) const override {
    Value matrix = e.div(e.lane, 8), column = e.rem(e.lane, 8);
    Value unit = e.add(e.add(e.mul(e.div(matrix, 2), 16), e.mul(column, 2)), e.rem(matrix, 2));
    Value own = e.mul(placeOf(unit), kUnitBytes);
    int64_t at = slot * kPanelBytes + part * kFragmentBytes;
    return loadMatrices(e, e.add(stage, own), at, /*transposed=*/true);
  }

  Value finish(Value sum, Value tokenOfTile) const override {
    return e.mulf(sum, factorOf(t, tokenOfTile));
  }

private:
  Value placeOf(Value unit) const override { return t.exclusiveOr(unit, e.rem(e.div(unit, 8), 2)); }
};

} // namespace

std::unique_ptr<ManyOperands> f16Operands(const ManyTile &tile) {
  return std::make_unique<F16Operands>(tile);
}

} // namespace phidias::cuda
