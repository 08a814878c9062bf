// phi.tile_prepare: the block takes token after token.

#include "targets/cuda/LinearFew.h"
#include "targets/cuda/MapTiles.h"
#include "targets/cuda/PrepareRow.h"
#include "targets/cuda/Records.h"
#include "targets/cuda/WideRow.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {
namespace {

class Prepare {
public:
  Prepare(const Block &b, phi::TilePrepareOp op, const Capability &capability)
      : op(op), b(b), element(op.getWeight().getElementType()),
        acts(recordLayout(element, op.getActivation(), op.getColumns())), row(b, op, acts.padded),
        tiled(liesInTiles(op.getActivation(), capability)) {}

  void emit() {
    b.loop(op.getFrom(), op.getTo(), 1, [&](Value token) {
      own = token;
      record = b.mul(token, acts.bytes);
      row.enter(token);
      eachTurn(b, acts.padded, [&](Quads &quads) {
        row.load(quads);
        store(quads);
      });
    });
  }

private:
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
    Values largest = largestOfGroups(b, quads);
    SmallVector<Values> codes;
    for (auto [quad, most] : llvm::zip_equal(quads, largest))
      codes.push_back(codesOf(quad, most));
    Values sums = sumsOfGroups(b, codes, acts.sumGroup);
    for (auto [quad, most, four, sum] : llvm::zip_equal(quads, largest, codes, sums)) {
      Value scale = b.mulf(most, row.step());
      Value word = quantized.getMinimum() ? scaledSum(scale, sum) : negated(sum);
      storeFour(quad, b.b.getI8Type(), four);
      storeFirst(quad, scale, kGroupColumns, acts.scales);
      storeFirst(quad, word, acts.sumGroup, acts.sums);
    }
  }

  /// -127 to 127, i32.
  Values codesOf(const Quad &quad, Value largest) {
    Values codes;
    for (Value x : row.rounded(quad, largest))
      codes.push_back(arith::FPToSIOp::create(b.b, b.loc, b.b.getI32Type(), x));
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
  const Block &b;
  Type element;
  phi::ActivationLayout acts;
  PrepareRow row;
  bool tiled; ///< records lie as in Records.h
  Value own, record;
};

} // namespace

void mapTile(phi::TilePrepareOp op, const Capability &capability) {
  OpBuilder builder(op);
  Block b(builder, op.getLoc());
  auto plain = [&] { Prepare(b, op, capability).emit(); };
  if (Value count = op.getCount())
    b.either(b.less(b.index(kMostOfFew), count), [&] { prepareWide(b, op, capability); }, plain);
  else
    plain();
  op.erase();
}

} // namespace phidias::cuda
