// Codes times i8 by the tensor cores, a group of 32 columns at a time; then one multiply-add by the
// scales of both, as on a CPU, in the same order.

#include "targets/cuda/LinearFewMatrix.h"
#include "targets/cuda/LinearFewValues.h"

using namespace mlir;

namespace phidias::cuda {
namespace {

class IntegerPanels : public FewPanels {
public:
  explicit IntegerPanels(const FewTile &tile)
      : tile(tile), e(tile.e), lane(tile), weights(tile, lane), values(tile, lane),
        sets(std::max<int64_t>(1, tile.tokens / 4)) {}

  int64_t unitBytes() const override { return tile.step.bytes; }
  int64_t splits() const override { return 2; }
  SmallVector<Piece> pieces() const override { return weights.pieces(); }
  int64_t stagedBytes() const override { return values.stagedBytes(); }
  void beginStage(int64_t start) override { values.beginStage(start); }
  void endStage(int64_t) override { values.endStage(); }
  int64_t sums() const override { return 4 * sets; }

  void multiply(ValueRange pieces, Value step, MutableArrayRef<Value> sums) override {
    int64_t each = pieces.size() / tile.width;
    SmallVector<Factors> tokens;
    for (int64_t set = 0; set < sets; ++set)
      tokens.push_back({values.codes(step, set), values.factors(step, set)});
    for (int64_t panel = 0; panel < tile.width; ++panel)
      multiplyPanel(pieces.slice(panel * each, each), tokens,
                    sums.slice(panel * sets * 4, sets * 4));
  }

  void leave(ValueRange sums, const Partial &partial) const override {
    leaveHalves(tile, lane, sums, partial);
  }

private:
  /// What a set of tokens is in a step.
  struct Factors {
    vec::Values codes, factors;
  };

  /// `sums`: [set][row], of the set's token t and the lane's half.
  void multiplyPanel(ValueRange pieces, ArrayRef<Factors> tokens,
                     MutableArrayRef<Value> sums) const {
    FewQuads quads = weights.unpack(pieces);
    vec::Values scales = weights.scales(pieces), minima;
    if (weights.type.getMinimum())
      minima = weights.minima(pieces);
    for (auto [set, own] : llvm::enumerate(tokens)) {
      vec::Values products = weights.type.getBits() == 6
                                 ? sixBits(pieces, quads, own.codes, own.factors)
                                 : wholeGroups(quads, own.codes, own.factors);
      for (int64_t row = 0; row < 4; ++row) {
        Value &sum = sums[4 * set + row];
        sum = e.fma(products[row], e.mulf(scales[row], own.factors[0]), sum);
        if (!minima.empty())
          sum = e.fma(minima[row], own.factors[1], sum);
      }
    }
  }

  /// The products of 32 columns, f32.
  vec::Values wholeGroups(const FewQuads &quads, ValueRange codes, ValueRange factors) const {
    Value zero = weights.type.getMinimum() ? e.f32(kMagic) : factors[1];
    vec::Values all;
    for (int64_t row = 0; row < 4; row += 2)
      for (Value sum : pick(multiplyBytes(
               e, {quads.low[row], quads.low[row + 1], quads.high[row], quads.high[row + 1]}, codes,
               e.i32(kMagicBits))))
        all.push_back(e.subf(arith::BitcastOp::create(e.b, e.loc, e.b.getF32Type(), sum), zero));
    return all;
  }

  /// Of 16 columns at a time, each with its scale.
  vec::Values sixBits(ValueRange pieces, const FewQuads &quads, ValueRange codes,
                      ValueRange factors) const {
    vec::Values sums(4);
    for (int64_t side = 0; side < 2; ++side) {
      const Value *words = side ? quads.high : quads.low;
      vec::Values scales = weights.smallScales(pieces, side);
      for (int64_t row = 0; row < 4; row += 2) {
        Value none = e.i32(0);
        vec::Values two = pick(
            multiplyBytes(e, {words[row], words[row + 1], none, none}, {codes[side], none}, none));
        for (int64_t i = 0; i < 2; ++i) {
          Value dots = arith::AddIOp::create(e.b, e.loc, two[i], factors[1 + side]);
          Value scaled = arith::MulIOp::create(e.b, e.loc, dots, scales[row + i]);
          Value &sum = sums[row + i];
          sum = side ? arith::AddIOp::create(e.b, e.loc, sum, scaled).getResult() : scaled;
        }
      }
    }
    for (Value &sum : sums)
      sum = arith::SIToFPOp::create(e.b, e.loc, e.b.getF32Type(), sum);
    return sums;
  }

  vec::Values pick(ValueRange c) const { return pickHalf(tile, lane, c); }

  const FewTile &tile;
  const Block &e;
  FewLane lane;
  FewCodes weights;
  FewValues values;
  int64_t sets; ///< of 4 tokens
};

} // namespace

std::unique_ptr<FewPanels> fewCodes(const FewTile &tile) {
  return std::make_unique<IntegerPanels>(tile);
}

} // namespace phidias::cuda
