// phi.tile_embed: the token's row is one of the 16 of its panel, four bytes of each line. A warp
// takes half a step at a time, a lane a column.

#include "dialects/phi/Panel.h"
#include "targets/cuda/Groups.h"
#include "targets/cuda/MapTiles.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {
namespace {

constexpr int64_t kHalf = kWarpThreads; ///< columns of half a step

class Embed {
public:
  Embed(OpBuilder &builder, phi::TileEmbedOp op)
      : op(op), b(builder, op.getLoc()), element(op.getWeight().getElementType()),
        quantized(dyn_cast<phi::QuantizedType>(element)), step(phi::stepLayout(element)),
        columns(op.getWeight().getDimSize(1)) {}

  void emit() {
    b.loop(op.getFrom(), op.getTo(), 1, [&](Value token) {
      findRow(token);
      eachGroup(
          b, llvm::divideCeil(columns, kHalf), [&](Value half) { return load(half); },
          [&](Value half, ValueRange loaded) { store(token, half, valueOf(loaded)); });
    });
  }

private:
  void findRow(Value token) {
    Value id = arith::IndexCastUIOp::create(b.b, b.loc, b.b.getIndexType(),
                                            b.loadOne(op.getTokens(), token));
    int64_t bytes = llvm::divideCeil(columns, phi::kStepColumns) * step.bytes;
    row = b.rem(id, phi::kPanelRows);
    panel = b.add(op.getOffset(), b.mul(b.div(id, phi::kPanelRows), bytes));
  }

  Value loadAt(Type type, Value at) { return b.loadAligned(type, op.getWeights(), at); }
  /// Byte of a table of 16 rows: `which` of them, `bytes` an element.
  Value place(Value start, Value which, int64_t bytes) {
    return b.add(start, b.mul(b.add(b.mul(which, phi::kPanelRows), row), bytes));
  }

  /// What the lane's column is made of; see valueOf.
  Values load(Value half) {
    Value start = b.add(panel, b.mul(b.div(half, 2), step.bytes)), h = b.rem(half, 2);
    if (!quantized)
      return {loadPlain(start, h)};
    Values loaded = loadCode(b.add(start, step.codes), h);
    if (step.high >= 0)
      loaded.push_back(loadHigh(b.add(start, step.high), h));
    loaded.append(loadScales(start, h));
    return loaded;
  }

  Value loadPlain(Value start, Value h) {
    Value column = b.add(b.mul(h, kHalf), b.lane);
    if (!element.isBF16())
      return loadAt(element, place(start, column, element.getIntOrFloatBitWidth() / 8));
    Value pair = place(start, b.div(column, 2), sizeof(int32_t));
    return loadAt(element, b.add(pair, b.mul(b.rem(b.lane, 2), 2)));
  }

  /// The lane's byte of a line of four columns a row.
  Value byteAt(Value start, Value line) {
    return loadAt(b.b.getI8Type(), b.add(place(start, line, 4), b.rem(b.lane, 4)));
  }
  Value quarter() { return b.div(b.lane, 16); }        ///< of a half
  Value word() { return b.div(b.rem(b.lane, 16), 4); } ///< of a quarter's columns

  Values loadCode(Value start, Value h) {
    if (quantized.getBits() == 8)
      return {byteAt(start, b.add(b.mul(h, 8), b.div(b.lane, 4)))};
    return {byteAt(start, b.add(b.mul(h, 4), word()))};
  }
  Value loadHigh(Value start, Value h) { return byteAt(start, b.add(b.mul(h, 2), quarter())); }

  Values loadScales(Value start, Value h) {
    if (quantized.getSuper()) {
      Value group = b.add(b.mul(h, 2), quarter());
      return {loadAt(b.b.getI8Type(), place(b.add(start, step.scales), group, 1)),
              loadAt(b.b.getF32Type(), place(b.add(start, step.super), b.index(0), 4))};
    }
    Values loaded{loadAt(b.b.getF16Type(), place(b.add(start, step.scales), h, 2))};
    if (step.minima >= 0)
      loaded.push_back(loadAt(b.b.getF16Type(), place(b.add(start, step.minima), h, 2)));
    return loaded;
  }

  Value i32Of(Value index) {
    return arith::IndexCastOp::create(b.b, b.loc, b.b.getI32Type(), index);
  }
  Value bits(Value byte, Value first, int32_t mask) {
    Value wide = arith::ExtUIOp::create(b.b, b.loc, b.b.getI32Type(), byte);
    wide = arith::ShRUIOp::create(b.b, b.loc, wide, i32Of(first));
    return arith::AndIOp::create(b.b, b.loc, wide, b.i32(mask));
  }

  /// The unsigned code, i32.
  Value codeOf(ValueRange loaded) {
    if (quantized.getBits() == 8)
      return bits(loaded[0], b.index(0), 255);
    Value low = bits(loaded[0], b.mul(quarter(), 4), 15);
    if (quantized.getBits() == 4)
      return low;
    Value high = bits(loaded[1], b.mul(word(), 2), 3);
    return arith::OrIOp::create(b.b, b.loc, low, arith::ShLIOp::create(b.b, b.loc, high, b.i32(4)));
  }

  /// What the codebook has for a code, i32: a byte of one of two words.
  Value lookUp(Value code, ArrayRef<int8_t> codebook) {
    auto wordOf = [&](size_t first) -> Value {
      return arith::ConstantIntOp::create(
          b.b, b.loc, static_cast<int64_t>(llvm::support::endian::read64le(&codebook[first])), 64);
    };
    Value isHigh = arith::CmpIOp::create(b.b, b.loc, arith::CmpIPredicate::uge, code, b.i32(8));
    Value eight = arith::SelectOp::create(b.b, b.loc, isHigh, wordOf(8), wordOf(0));
    Value place = arith::ShLIOp::create(
        b.b, b.loc, arith::AndIOp::create(b.b, b.loc, code, b.i32(7)), b.i32(3));
    place = arith::ExtUIOp::create(b.b, b.loc, b.b.getI64Type(), place);
    Value byte = arith::TruncIOp::create(b.b, b.loc, b.b.getI8Type(),
                                         arith::ShRUIOp::create(b.b, b.loc, eight, place));
    return arith::ExtSIOp::create(b.b, b.loc, b.b.getI32Type(), byte);
  }

  Value valueOf(ValueRange loaded) {
    if (!quantized)
      return b.toF32(loaded[0]);
    Value code = codeOf(loaded);
    if (auto codebook = quantized.getCodebook())
      code = lookUp(code, codebook.asArrayRef());
    else
      code =
          arith::SubIOp::create(b.b, b.loc, code, b.i32(static_cast<int32_t>(quantized.getZero())));
    ValueRange scales = loaded.drop_front(step.high >= 0 ? 2 : 1);
    Value value = arith::SIToFPOp::create(b.b, b.loc, b.b.getF32Type(), code);
    value = scaled(value, scales);
    if (!quantized.getRotated())
      return value;
    return b.mulf(rotate(b, value), b.f32(std::sqrt(1.0 / kHalf)));
  }

  Value scaled(Value value, ValueRange scales) {
    Value scale = b.toF32(scales[0]);
    if (quantized.getSuper())
      return b.mulf(value, b.mulf(scales[1], scale));
    value = b.mulf(value, scale);
    return step.minima < 0 ? value : b.addf(value, b.toF32(scales[1]));
  }

  void store(Value token, Value half, Value value) {
    Value column = b.add(b.mul(half, kHalf), b.lane);
    if (columns % kHalf == 0)
      return b.storeOne(value, op.getResult(), {token, column});
    b.when(b.less(column, b.index(columns)),
           [&] { b.storeOne(value, op.getResult(), {token, column}); });
  }

  phi::TileEmbedOp op;
  Block b;
  Type element;
  phi::QuantizedType quantized;
  phi::StepLayout step;
  int64_t columns;
  Value row, panel; ///< of the token: number in its panel, and the panel's first byte
};

} // namespace

void mapTile(phi::TileEmbedOp op) {
  OpBuilder builder(op);
  Embed(builder, op).emit();
  op.erase();
}

} // namespace phidias::cuda
