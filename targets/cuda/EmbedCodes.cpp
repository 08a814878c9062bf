#include "targets/cuda/EmbedCodes.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {

Value PanelRow::stepOf(Value quad) const {
  return b.add(panel, b.mul(b.div(quad, kStepQuads), step.bytes));
}

Value PanelRow::load(Type type, int64_t count, Value start, Value which) const {
  int64_t bytes = count * type.getIntOrFloatBitWidth() / 8;
  Value place = b.add(b.mul(which, phi::kPanelRows), row);
  return b.loadAligned(b.vector(count, type), weights, b.add(start, b.mul(place, bytes)));
}

Value PanelRow::loadOne(Type type, Value start, Value which) const {
  return vector::ExtractOp::create(b.b, b.loc, load(type, 1, start, which), 0);
}

// Where a quad's codes are in its step (Panel.md): half h of 32 columns, side of 16, word j of 4.
static Value halfOf(const Block &b, Value quad) { return b.rem(b.div(quad, 8), 2); }
static Value sideOf(const Block &b, Value quad) { return b.rem(b.div(quad, 4), 2); }
static Value wordOf(const Block &b, Value quad) { return b.rem(quad, 4); }

static Values loadScales(const PanelRow &row, phi::QuantizedType type, Value start, Value quad) {
  const Block &b = row.b;
  Value scales = b.add(start, row.step.scales), half = halfOf(b, quad);
  if (type.getSuper())
    return {row.loadOne(b.b.getI8Type(), scales, b.rem(b.div(quad, 4), 4)),
            row.loadOne(b.b.getF32Type(), b.add(start, row.step.super), b.index(0))};
  Values loaded{row.loadOne(b.b.getF16Type(), scales, half)};
  if (row.step.minima >= 0)
    loaded.push_back(row.loadOne(b.b.getF16Type(), b.add(start, row.step.minima), half));
  return loaded;
}

Values loadCodes(const PanelRow &row, Value quad) {
  const Block &b = row.b;
  auto type = cast<phi::QuantizedType>(row.element);
  Value start = row.stepOf(quad), codes = b.add(start, row.step.codes);
  Value half = halfOf(b, quad);
  Value line =
      type.getBits() == 8 ? b.rem(quad, kStepQuads) : b.add(b.mul(half, 4), wordOf(b, quad));
  Values loaded{row.loadOne(b.b.getI32Type(), codes, line)};
  if (row.step.high >= 0)
    loaded.push_back(row.loadOne(b.b.getI32Type(), b.add(start, row.step.high),
                                 b.add(b.mul(half, 2), sideOf(b, quad))));
  loaded.append(loadScales(row, type, start, quad));
  return loaded;
}

namespace {

/// One quad's.
struct Codes {
  const Block &b;
  phi::QuantizedType type;
  Value quad;

  /// Bits [first + 8i, ...) of a word under `mask`.
  Value bits(Value word, Value first, int64_t i, int32_t mask) const {
    Value from = arith::IndexCastOp::create(b.b, b.loc, b.b.getI32Type(), b.add(first, 8 * i));
    Value shifted = arith::ShRUIOp::create(b.b, b.loc, word, from);
    return arith::AndIOp::create(b.b, b.loc, shifted, b.i32(mask));
  }

  /// The unsigned code of column i.
  Value code(ValueRange loaded, int64_t i) const {
    if (type.getBits() == 8)
      return bits(loaded[0], b.index(0), i, 255);
    Value low = bits(loaded[0], b.mul(sideOf(b, quad), 4), i, 15);
    if (type.getBits() == 4)
      return low;
    Value high = bits(loaded[1], b.mul(wordOf(b, quad), 2), i, 3);
    return arith::OrIOp::create(b.b, b.loc, low, arith::ShLIOp::create(b.b, b.loc, high, b.i32(4)));
  }

  /// What the codebook has for it: a byte of one of two words.
  Value lookUp(Value code, ArrayRef<int8_t> codebook) const {
    auto eight = [&](size_t first) -> Value {
      auto bytes = static_cast<int64_t>(llvm::support::endian::read64le(&codebook[first]));
      return arith::ConstantIntOp::create(b.b, b.loc, bytes, 64);
    };
    Value isHigh = arith::CmpIOp::create(b.b, b.loc, arith::CmpIPredicate::uge, code, b.i32(8));
    Value word = arith::SelectOp::create(b.b, b.loc, isHigh, eight(8), eight(0));
    Value place = arith::AndIOp::create(b.b, b.loc, code, b.i32(7));
    place = arith::ExtUIOp::create(b.b, b.loc, b.b.getI64Type(),
                                   arith::ShLIOp::create(b.b, b.loc, place, b.i32(3)));
    Value byte = arith::TruncIOp::create(b.b, b.loc, b.b.getI8Type(),
                                         arith::ShRUIOp::create(b.b, b.loc, word, place));
    return arith::ExtSIOp::create(b.b, b.loc, b.b.getI32Type(), byte);
  }

  Value integer(ValueRange loaded, int64_t i) const {
    Value unsignedCode = code(loaded, i);
    if (auto codebook = type.getCodebook())
      return lookUp(unsignedCode, codebook.asArrayRef());
    auto zero = static_cast<int32_t>(type.getZero());
    return arith::SubIOp::create(b.b, b.loc, unsignedCode, b.i32(zero));
  }

  Value scale(ValueRange scales) const {
    Value factor = b.toF32(scales[0]);
    return type.getSuper() ? b.mulf(scales[1], factor) : factor;
  }
};

} // namespace

Values valuesOf(const Block &b, phi::QuantizedType type, const Quad &loaded) {
  Codes codes{b, type, loaded.number};
  ValueRange scales = ValueRange(loaded.x).drop_front(type.getBits() == 6 ? 2 : 1);
  Value scale = codes.scale(scales), minimum;
  if (type.getMinimum())
    minimum = b.toF32(scales[1]);
  Values x;
  for (int64_t i = 0; i < kQuad; ++i) {
    Value number = codes.integer(loaded.x, i);
    Value value = b.mulf(arith::SIToFPOp::create(b.b, b.loc, b.b.getF32Type(), number), scale);
    x.push_back(minimum ? b.addf(value, minimum) : value);
  }
  return x;
}

} // namespace phidias::cuda
