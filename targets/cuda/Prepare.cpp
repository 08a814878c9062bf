// phi.tile_prepare: the block takes token after token; a warp a group of 32 columns, a lane a
// column.

#include "dialects/phi/Activations.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "targets/cuda/Groups.h"
#include "targets/cuda/MapTiles.h"
#include "targets/cuda/Norm.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {
namespace {

constexpr int64_t kGroup = kWarpThreads; ///< columns that share a scale

class Prepare {
public:
  Prepare(OpBuilder &builder, phi::TilePrepareOp op)
      : op(op), b(builder, op.getLoc()), element(op.getWeight().getElementType()),
        columns(op.getColumns()),
        acts(phi::activationLayout(element, op.getActivation(), columns)) {
    if (op.getNorm())
      norm = b.view(op.getWeights(), op.getNorm(), MemRefType::get(columns, b.b.getF32Type()));
  }

  void emit() {
    b.loop(op.getFrom(), op.getTo(), 1, [&](Value token) {
      row = b.add(op.getFirst(), token);
      record = b.mul(token, acts.bytes);
      if (norm)
        factor = inverseRms(b, op.getRows(), row, op.getEps()->convertToDouble());
      eachGroup(
          b, acts.padded / kGroup, [&](Value group) { return load(group); },
          [&](Value group, ValueRange loaded) { store(group, normalised(group, loaded)); });
    });
  }

private:
  /// The lane's element of the row and, where there is one, of the norm's weight.
  Values load(Value group) {
    Value column = columnOf(b, group, columns).number;
    Values loaded{b.loadOne(op.getRows(), {row, column})};
    if (norm)
      loaded.push_back(b.loadOne(norm, column));
    return loaded;
  }

  Value normalised(Value group, ValueRange loaded) {
    Value x = loaded[0];
    if (norm)
      x = b.mulf(b.mulf(x, factor), loaded[1]);
    return columnOf(b, group, columns).orZero(b, x);
  }

  void store(Value group, Value x) {
    if (acts.scales >= 0)
      return quantize(group, x);
    Type type = op.getActivation();
    if (!type.isF32())
      x = arith::TruncFOp::create(b.b, b.loc, type, x);
    storeLane(x, group);
  }

  /// `value` as the lane's element of the group.
  void storeLane(Value value, Value group) {
    int64_t bytes = value.getType().getIntOrFloatBitWidth() / 8;
    Value number = b.add(b.mul(group, kGroup), b.lane);
    b.storeAligned(value, op.getActivations(), b.add(record, b.mul(number, bytes)));
  }

  void quantize(Value group, Value x) {
    auto quantized = cast<phi::QuantizedType>(element);
    bool rotated = quantized.getRotated();
    if (rotated)
      x = rotate(b, x);
    Value largest = b.largest(math::AbsFOp::create(b.b, b.loc, x));
    // The rotation's factor is taken back here.
    Value scale = b.mulf(largest, b.f32((rotated ? std::sqrt(1.0 / kGroup) : 1.0) / 127));
    Value code = codeOf(x, largest);
    storeLane(arith::TruncIOp::create(b.b, b.loc, b.b.getI8Type(), code), group);
    Value sum = b.sum(code, acts.sumGroup);
    Value word = quantized.getMinimum() ? scaledSum(scale, sum) : negated(sum);
    storeFirst(scale, group, kGroup, acts.scales);
    storeFirst(word, group, acts.sumGroup, acts.sums);
  }

  /// -127 to 127, i32.
  Value codeOf(Value x, Value largest) {
    Value inverse = arith::DivFOp::create(b.b, b.loc, b.f32(127), largest);
    // A group of zeros has no largest; 127 / 0 * 0 would be NaN.
    Value none = arith::CmpFOp::create(b.b, b.loc, arith::CmpFPredicate::OEQ, largest, b.f32(0));
    inverse = arith::SelectOp::create(b.b, b.loc, none, b.f32(0), inverse);
    Value rounded = math::RoundEvenOp::create(b.b, b.loc, b.mulf(x, inverse));
    return arith::FPToSIOp::create(b.b, b.loc, b.b.getI32Type(), rounded);
  }

  /// The first lane of each `size` stores what they share, in the part of the record that starts at
  /// `part`.
  void storeFirst(Value word, Value group, int64_t size, int64_t part) {
    Value place = b.add(b.mul(group, kGroup / size), b.div(b.lane, size));
    Value at = b.add(record, b.add(b.mul(place, sizeof(float)), part));
    Value isFirst = arith::CmpIOp::create(b.b, b.loc, arith::CmpIPredicate::eq, b.rem(b.lane, size),
                                          b.index(0));
    b.when(isFirst, [&] { b.storeAligned(word, op.getActivations(), at); });
  }

  Value negated(Value sum) {
    auto zero = static_cast<int32_t>(phi::dotZero(element));
    return arith::MulIOp::create(b.b, b.loc, sum, b.i32(-zero));
  }
  Value scaledSum(Value scale, Value sum) {
    return b.mulf(scale, arith::SIToFPOp::create(b.b, b.loc, b.b.getF32Type(), sum));
  }

  phi::TilePrepareOp op;
  Block b;
  Type element;
  int64_t columns;
  phi::ActivationLayout acts;
  Value norm, row, record, factor;
};

} // namespace

void mapTile(phi::TilePrepareOp op) {
  OpBuilder builder(op);
  Prepare(builder, op).emit();
  op.erase();
}

} // namespace phidias::cuda
