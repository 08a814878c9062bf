// phi.tile_embed: one lane of the panel that has the token's row, element by element. One row a
// token: nothing that a vector would speed up.

#include "Emitter.h"
#include "Vectorize.h"
#include "dialects/phi/Panel.h"

using namespace mlir;

namespace phidias::vec {
namespace {

class Embed {
public:
  Embed(OpBuilder &b, phi::TileEmbedOp op)
      : op(op), e{b, op.getLoc()}, element(op.getWeight().getElementType()),
        quantized(dyn_cast<phi::QuantizedType>(element)), step(phi::stepLayout(element)),
        columns(op.getWeight().getDimSize(1)) {}

  void emit() {
    int64_t steps = llvm::divideCeil(columns, phi::kStepColumns);
    e.loop(op.getFrom(), op.getTo(), 1, [&](Value token) {
      Value id = arith::IndexCastUIOp::create(e.b, e.loc, e.b.getIndexType(),
                                              e.loadOne(op.getTokens(), token));
      row = e.rem(id, phi::kPanelRows);
      Value panel = e.mul(e.div(id, phi::kPanelRows), steps * step.bytes);
      e.loop(e.index(0), e.index(columns), 1, [&](Value column) {
        start = e.add(e.add(op.getOffset(), panel),
                      e.mul(e.div(column, phi::kStepColumns), step.bytes));
        Value within = e.rem(column, phi::kStepColumns);
        e.storeOne(quantized ? code(within) : plain(within), op.getResult(), {token, column});
      });
    });
  }

private:
  /// One element of `type` at byte `at` of the step.
  Value loadAs(Type type, Value at) {
    int64_t bytes = type.getIntOrFloatBitWidth() / 8;
    Value raw = e.load(bytes, op.getWeights(), e.add(start, at));
    Value one = vector::BitCastOp::create(e.b, e.loc, e.vector(1, type), raw);
    return vector::ExtractOp::create(e.b, e.loc, one, 0);
  }

  Value plain(Value column) {
    if (element.isBF16()) {
      Value pair = e.add(e.mul(e.div(column, 2), phi::kLineBytes), e.mul(e.rem(column, 2), 2));
      return e.toF32(loadAs(element, e.add(pair, e.mul(row, 4))));
    }
    int64_t bytes = element.getIntOrFloatBitWidth() / 8;
    return e.toF32(loadAs(element, e.mul(e.add(e.mul(column, phi::kPanelRows), row), bytes)));
  }

  Value byteAt(Value line, Value within) {
    Value at = e.add(e.mul(line, phi::kLineBytes), e.add(e.mul(row, 4), within));
    return arith::ExtUIOp::create(e.b, e.loc, e.b.getI32Type(),
                                  loadAs(e.b.getI8Type(), e.add(at, step.codes)));
  }

  Value bits(Value word, Value shift, int64_t mask) {
    Value by = arith::IndexCastOp::create(e.b, e.loc, e.b.getI32Type(), shift);
    return arith::AndIOp::create(e.b, e.loc, arith::ShRUIOp::create(e.b, e.loc, word, by),
                                 e.i32(mask));
  }

  /// The unsigned code of a column of the step (Panel.md).
  Value rawCode(Value column) {
    Value within = e.rem(column, 4);
    if (quantized.getBits() == 8)
      return byteAt(e.div(column, 4), within);
    Value half = e.div(column, 32), side = e.rem(e.div(column, 16), 2);
    Value quad = e.rem(e.div(column, 4), 4);
    Value low = bits(byteAt(e.add(e.mul(half, 4), quad), within), e.mul(side, 4), 0x0f);
    if (quantized.getBits() == 4)
      return low;
    Value line = e.add(e.add(e.mul(half, 2), side), step.high / phi::kLineBytes);
    Value high = bits(byteAt(line, within), e.mul(quad, 2), 3);
    return arith::OrIOp::create(e.b, e.loc, low, arith::ShLIOp::create(e.b, e.loc, high, e.i32(4)));
  }

  Value lookUp(Value code) {
    SmallVector<int8_t> table(quantized.getCodebook().asArrayRef());
    Value entries = arith::ConstantOp::create(
        e.b, e.loc, DenseElementsAttr::get(e.vector(16, e.b.getI8Type()), ArrayRef<int8_t>(table)));
    Value at = arith::IndexCastUIOp::create(e.b, e.loc, e.b.getIndexType(), code);
    return e.toF32(vector::ExtractOp::create(e.b, e.loc, entries, at));
  }

  Value code(Value column) {
    Value raw = rawCode(column);
    Value half = e.div(column, 32), lane = e.mul(row, 2);
    Value perHalf = e.add(e.mul(half, 2 * phi::kPanelRows), lane);
    if (quantized.getCodebook())
      return e.mulf(lookUp(raw), scaleAt(e.add(perHalf, step.scales)));
    Value zero = e.i32(quantized.getZero());
    Value value = arith::SIToFPOp::create(e.b, e.loc, e.b.getF32Type(),
                                          arith::SubIOp::create(e.b, e.loc, raw, zero));
    if (quantized.getSuper()) {
      Value quarter = e.add(e.mul(e.div(column, 16), phi::kPanelRows), row);
      Value scale = e.toF32(loadAs(e.b.getI8Type(), e.add(quarter, step.scales)));
      Value super = loadAs(e.b.getF32Type(), e.add(e.mul(row, 4), step.super));
      return e.mulf(e.mulf(super, scale), value);
    }
    value = e.mulf(value, scaleAt(e.add(perHalf, step.scales)));
    return step.minima < 0 ? value : e.addf(value, scaleAt(e.add(perHalf, step.minima)));
  }

  Value scaleAt(Value at) { return e.toF32(loadAs(e.b.getF16Type(), at)); }

  phi::TileEmbedOp op;
  Emitter e;
  Type element;
  phi::QuantizedType quantized;
  phi::StepLayout step;
  int64_t columns;
  Value row, start;
};

} // namespace

void vectorize(phi::TileEmbedOp op) {
  OpBuilder b(op);
  Embed(b, op).emit();
  op.erase();
}

} // namespace phidias::vec
