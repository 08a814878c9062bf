// phi.tile_embed: one lane of the panel that has the token's row.

#include "Rotate.h"
#include "dialects/phi/Activations.h"
#include "dialects/phi/Panel.h"
#include "phidias/Vectorize/Vectorize.h"

using namespace mlir;

namespace phidias {
namespace vec {
namespace {

constexpr int64_t kLanes = 16; ///< columns at a time

/// The token's row is one lane of its panel: four bytes of each line. Words of four lines make 16
/// columns.
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
      Value first = e.add(op.getOffset(), panel);
      int64_t whole = columns / phi::kStepColumns;
      e.loop(e.index(0), e.index(whole), 1, [&](Value i) { emitStep(first, i, token, 64); });
      if (int64_t left = columns % phi::kStepColumns)
        emitStep(first, e.index(whole), token, left);
    });
  }

private:
  void emitStep(Value first, Value i, Value token, int64_t left) {
    start = e.add(first, e.mul(i, step.bytes));
    for (int64_t half = 0; half < 2 && half * 2 * kLanes < left; ++half) {
      Value parts[] = {quarterOf(2 * half), quarterOf(2 * half + 1)};
      if (quantized && quantized.getRotated())
        rotateBack(parts);
      for (int64_t quarter = 2 * half; quarter < 2 * half + 2 && quarter * kLanes < left;
           ++quarter) {
        Value column = e.add(e.mul(i, phi::kStepColumns), quarter * kLanes);
        store(parts[quarter % 2], token, column, left - quarter * kLanes);
      }
    }
  }

  Value quarterOf(int64_t quarter) { return quantized ? codes(quarter) : plain(quarter); }

  void rotateBack(MutableArrayRef<Value> parts) {
    auto [low, high] = rotate(e, parts[0], parts[1]);
    Value factor = e.splat(kLanes, e.f32(std::sqrt(1.0 / kRotated)));
    parts[0] = e.mulf(low, factor);
    parts[1] = e.mulf(high, factor);
  }

  void store(Value values, Value token, Value column, int64_t left) {
    if (left >= kLanes)
      return e.store(values, op.getResult(), {token, column});
    Value mask =
        vector::CreateMaskOp::create(e.b, e.loc, e.vector(kLanes, e.b.getI1Type()), e.index(left));
    vector::MaskedStoreOp::create(e.b, e.loc, op.getResult(), ValueRange{token, column}, mask,
                                  values);
  }

  /// One element of `type` at byte `at` of the step.
  Value loadAs(Type type, Value at) {
    int64_t bytes = type.getIntOrFloatBitWidth() / 8;
    Value raw = e.load(bytes, op.getWeights(), e.add(start, at));
    Value one = vector::BitCastOp::create(e.b, e.loc, e.vector(1, type), raw);
    return vector::ExtractOp::create(e.b, e.loc, one, 0);
  }

  Value assemble(ArrayRef<Value> parts) {
    return vector::FromElementsOp::create(e.b, e.loc, e.vector(parts.size(), parts[0].getType()),
                                          parts);
  }

  /// The row's word of line `line` of the part of the step that starts at `part`.
  Value word(int64_t part, int64_t line) {
    return loadAs(e.b.getI32Type(), e.add(e.mul(row, 4), part + line * phi::kLineBytes));
  }

  /// 16 floats of columns 16 * quarter on.
  Value plain(int64_t quarter) {
    SmallVector<Value> parts;
    if (element.isBF16()) {
      for (int64_t j = 0; j < kLanes / 2; ++j)
        parts.push_back(word(0, quarter * kLanes / 2 + j));
      return e.toF32(
          vector::BitCastOp::create(e.b, e.loc, e.vector(kLanes, element), assemble(parts)));
    }
    int64_t bytes = element.getIntOrFloatBitWidth() / 8;
    for (int64_t k = quarter * kLanes; k < (quarter + 1) * kLanes; ++k)
      parts.push_back(loadAs(element, e.add(e.mul(row, bytes), k * phi::kPanelRows * bytes)));
    return e.toF32(assemble(parts));
  }

  Value words(int64_t part, int64_t firstLine) {
    SmallVector<Value> parts;
    for (int64_t j = 0; j < 4; ++j)
      parts.push_back(word(part, firstLine + j));
    return assemble(parts);
  }

  Value constants(ArrayRef<int32_t> values) {
    auto type = e.vector(values.size(), e.b.getI32Type());
    return arith::ConstantOp::create(e.b, e.loc, DenseElementsAttr::get(type, values));
  }
  Value shiftRight(Value lanes, ArrayRef<int32_t> by) {
    return arith::ShRUIOp::create(e.b, e.loc, lanes, constants(by));
  }
  Value mask(Value lanes, int32_t bits) {
    return arith::AndIOp::create(e.b, e.loc, lanes, constants({bits, bits, bits, bits}));
  }

  /// 16 unsigned codes of a quarter of the step (Panel.md), four to a word.
  Value rawCodes(int64_t quarter) {
    int64_t half = quarter / 2, side = quarter % 2;
    if (quantized.getBits() == 8)
      return words(step.codes, quarter * 4);
    Value packed = words(step.codes, half * 4);
    Value low = mask(side ? shiftRight(packed, {4, 4, 4, 4}) : packed, 0x0f0f0f0f);
    if (quantized.getBits() == 4)
      return low;
    Value high = e.splat(4, word(step.high, half * 2 + side));
    high = mask(shiftRight(high, {0, 2, 4, 6}), 0x03030303);
    high = arith::ShLIOp::create(e.b, e.loc, high, constants({4, 4, 4, 4}));
    return arith::OrIOp::create(e.b, e.loc, low, high);
  }

  Value codes(int64_t quarter) {
    Value bytes =
        vector::BitCastOp::create(e.b, e.loc, e.vector(kLanes, e.b.getI8Type()), rawCodes(quarter));
    int64_t zero = phi::dotZero(element);
    if (auto codebook = quantized.getCodebook())
      bytes = phi::LookupOp::create(e.b, e.loc, bytes.getType(), bytes, phi::dotTable(codebook));
    Type wide = e.vector(kLanes, e.b.getI32Type());
    Value integers = arith::ExtUIOp::create(e.b, e.loc, wide, bytes);
    integers = arith::SubIOp::create(e.b, e.loc, integers, e.splat(kLanes, e.i32(zero)));
    Value values = arith::SIToFPOp::create(e.b, e.loc, e.floats(kLanes), integers);
    values = e.mulf(values, e.splat(kLanes, scale(quarter)));
    if (step.minima < 0)
      return values;
    return e.addf(values, e.splat(kLanes, half(step.minima, quarter / 2)));
  }

  /// The f16 of the row in a line of [half][16].
  Value half(int64_t line, int64_t which) {
    Value at = e.add(e.mul(row, 2), line + which * 2 * phi::kPanelRows);
    return e.toF32(loadAs(e.b.getF16Type(), at));
  }

  Value scale(int64_t quarter) {
    if (!quantized.getSuper())
      return half(step.scales, quarter / 2);
    Value at = e.add(row, step.scales + quarter * phi::kPanelRows);
    Value super = loadAs(e.b.getF32Type(), e.add(e.mul(row, 4), step.super));
    return e.mulf(super, e.toF32(loadAs(e.b.getI8Type(), at)));
  }

  phi::TileEmbedOp op;
  Emitter e;
  Type element;
  phi::QuantizedType quantized;
  phi::StepLayout step;
  int64_t columns;
  Value row, start;
};

} // namespace

} // namespace vec

void vectorize(phi::TileEmbedOp op) {
  OpBuilder b(op);
  vec::Embed(b, op).emit();
  op.erase();
}

} // namespace phidias
