// phi.tile_prepare: the block takes token after token. A row that is one turn is loaded once, the
// norm's sum of squares included.

#include "dialects/phi/Activations.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "targets/cuda/MapTiles.h"
#include "targets/cuda/Norm.h"
#include "targets/cuda/Quads.h"
#include "targets/cuda/Records.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {
namespace {

class Prepare {
public:
  Prepare(OpBuilder &builder, phi::TilePrepareOp op, const Capability &capability)
      : op(op), b(builder, op.getLoc()), element(op.getWeight().getElementType()),
        columns(op.getColumns()), acts(phi::activationLayout(element, op.getActivation(), columns)),
        tiled(liesInTiles(op.getActivation(), capability)) {
    if (op.getNorm())
      norm = b.view(op.getWeights(), op.getNorm(), MemRefType::get(columns, b.b.getF32Type()));
  }

  void emit() {
    bool isOneTurn = roundsOf(acts.padded) <= kTurnRounds;
    b.loop(op.getFrom(), op.getTo(), 1, [&](Value token) {
      row = b.add(op.getFirst(), token);
      own = token;
      record = b.mul(token, acts.bytes);
      if (norm && !isOneTurn)
        factor = inverseRms(b, squaresOf(b, op.getRows(), row), columns, eps());
      eachTurn(b, acts.padded, [&](Quads &quads) {
        load(quads);
        if (norm)
          normalise(quads, isOneTurn);
        store(quads);
      });
    });
  }

private:
  double eps() { return op.getEps()->convertToDouble(); }

  void load(Quads &quads) {
    for (Quad &quad : quads)
      quad.x = loadQuad(b, op.getRows(), row, quad.number, columns, acts.padded);
  }

  void normalise(Quads &quads, bool isOneTurn) {
    SmallVector<Values> weights; // asked for before the sum is waited for
    for (Quad &quad : quads)
      weights.push_back(loadQuad(b, norm, {}, quad.number, columns, acts.padded));
    if (isOneTurn)
      factor = inverseRms(b, squaresOf(b, quads), columns, eps());
    for (auto [quad, weight] : llvm::zip_equal(quads, weights))
      for (auto [x, w] : llvm::zip_equal(quad.x, weight))
        x = b.mulf(b.mulf(x, factor), w);
  }

  void store(Quads &quads) {
    if (acts.scales >= 0)
      return quantize(quads);
    for (Quad &quad : quads)
      storeFour(quad, op.getActivation(), quad.x);
  }

  void ifThere(const Quad &quad, function_ref<void()> body) {
    quad.exists ? b.when(quad.exists, body) : body();
  }

  /// `values`, f32 or i32, narrowed to `type`, as the quad of the record.
  void storeFour(const Quad &quad, Type type, ArrayRef<Value> values) {
    Values narrow;
    for (Value x : values)
      narrow.push_back(narrowed(x, type));
    int64_t bytes = kQuad * type.getIntOrFloatBitWidth() / 8;
    Value four = vector::FromElementsOp::create(b.b, b.loc, b.vector(kQuad, type), narrow);
    Value at = tiled ? tiledQuad(b, acts.bytes, own, quad.number)
                     : b.add(record, b.mul(quad.number, bytes));
    ifThere(quad, [&] { b.storeAligned(four, op.getActivations(), at); });
  }

  Value narrowed(Value x, Type type) {
    if (x.getType() == type)
      return x;
    if (type.isInteger())
      return arith::TruncIOp::create(b.b, b.loc, type, x);
    return arith::TruncFOp::create(b.b, b.loc, type, x);
  }

  void quantize(Quads &quads) {
    auto quantized = cast<phi::QuantizedType>(element);
    bool rotated = quantized.getRotated();
    if (rotated)
      rotate(b, quads);
    Values largest = largestOfGroups(b, quads);
    SmallVector<Values> codes;
    for (auto [quad, most] : llvm::zip_equal(quads, largest))
      codes.push_back(codesOf(quad, most));
    Values sums = sumsOfGroups(b, codes, acts.sumGroup);
    // The rotation's factor is taken back here.
    Value step = b.f32((rotated ? std::sqrt(1.0 / kGroupColumns) : 1.0) / 127);
    for (auto [quad, most, four, sum] : llvm::zip_equal(quads, largest, codes, sums)) {
      Value scale = b.mulf(most, step);
      Value word = quantized.getMinimum() ? scaledSum(scale, sum) : negated(sum);
      storeFour(quad, b.b.getI8Type(), four);
      storeFirst(quad, scale, kGroupColumns, acts.scales);
      storeFirst(quad, word, acts.sumGroup, acts.sums);
    }
  }

  /// -127 to 127, i32.
  Values codesOf(const Quad &quad, Value largest) {
    Value inverse = arith::DivFOp::create(b.b, b.loc, b.f32(127), largest);
    // A group of zeros has no largest; 127 / 0 * 0 would be NaN.
    Value none = arith::CmpFOp::create(b.b, b.loc, arith::CmpFPredicate::OEQ, largest, b.f32(0));
    inverse = arith::SelectOp::create(b.b, b.loc, none, b.f32(0), inverse);
    Values codes;
    for (Value x : quad.x) {
      Value rounded = math::RoundEvenOp::create(b.b, b.loc, b.mulf(x, inverse));
      codes.push_back(arith::FPToSIOp::create(b.b, b.loc, b.b.getI32Type(), rounded));
    }
    return codes;
  }

  /// The first thread of each `size` columns stores what they share, in the part of the record that
  /// starts at `part`.
  void storeFirst(const Quad &quad, Value word, int64_t size, int64_t part) {
    int64_t lanes = size / kQuad;
    Value at = b.mul(b.div(quad.number, lanes), sizeof(float));
    Value isFirst = arith::CmpIOp::create(b.b, b.loc, arith::CmpIPredicate::eq,
                                          b.rem(b.lane, lanes), b.index(0));
    if (quad.exists)
      isFirst = arith::AndIOp::create(b.b, b.loc, isFirst, quad.exists);
    b.when(isFirst,
           [&] { b.storeAligned(word, op.getActivations(), b.add(record, b.add(at, part))); });
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
  bool tiled; ///< records lie as in Records.h
  Value norm, row, own, record, factor;
};

} // namespace

void mapTile(phi::TilePrepareOp op, const Capability &capability) {
  OpBuilder builder(op);
  Prepare(builder, op, capability).emit();
  op.erase();
}

} // namespace phidias::cuda
