#include "Codes.h"

using namespace mlir;

namespace phidias::vec {

static int64_t lanesOf(Value vector) { return cast<VectorType>(vector.getType()).getDimSize(0); }

Codes::Codes(const LinearContext &c)
    : type(cast<phi::QuantizedType>(c.element)), isSigned(c.target.signedFor(type)),
      max(!phi::exceedsSigned(type) ? (1 << type.getBits()) - 1
          : isSigned                ? 128
                                    : 255),
      zero(phi::dotZero(type, isSigned)), c(c), e(c.e) {}

Value Codes::constant(Value like, uint8_t bits) const {
  auto type = cast<VectorType>(like.getType());
  return arith::ConstantOp::create(
      e.b, e.loc, DenseElementsAttr::get(type, APInt(8, static_cast<int8_t>(bits), true)));
}

Value Codes::andBits(Value codes, uint8_t bits) const {
  return arith::AndIOp::create(e.b, e.loc, codes, constant(codes, bits));
}

Value Codes::asBytes(Value words) const {
  return e.recast(words, 4 * lanesOf(words), e.b.getI8Type());
}

Value Codes::shift(Value codes, int64_t bits) const { return shift(codes, e.i32(bits)); }

Value Codes::shift(Value codes, Value bits) const {
  int64_t lanes = lanesOf(codes) / 4;
  Value words = e.recast(codes, lanes, e.b.getI32Type());
  return asBytes(arith::ShRUIOp::create(e.b, e.loc, words, e.splat(lanes, bits)));
}

Value Codes::shiftLeft(Value codes, int64_t bits) const {
  int64_t lanes = lanesOf(codes) / 4;
  Value words = e.recast(codes, lanes, e.b.getI32Type());
  return asBytes(arith::ShLIOp::create(e.b, e.loc, words, e.splat(lanes, e.i32(bits))));
}

Value Codes::finish(Value codes) const {
  if (auto codebook = type.getCodebook())
    return phi::LookupOp::create(e.b, e.loc, codes.getType(), codes,
                                 phi::dotTable(codebook, isSigned));
  if (isSigned && phi::exceedsSigned(type))
    return arith::XOrIOp::create(e.b, e.loc, codes, constant(codes, 0x80));
  return codes;
}

Value Codes::entries(Value codes) const {
  return phi::LookupOp::create(e.b, e.loc, codes.getType(), codes,
                               phi::dotTable(type.getCodebook(), /*signedCodes=*/true));
}

Value Codes::fromSigned(Value bytes) const {
  return isSigned ? bytes : arith::XOrIOp::create(e.b, e.loc, bytes, constant(bytes, 0x80));
}

Value Codes::dot(Value acc, Value codes, Value values, int64_t largest) const {
  return phi::DotOp::create(e.b, e.loc, acc.getType(), acc, codes, values, largest ? largest : max,
                            isSigned);
}

Values Codes::unpackHalf(Value start, int64_t half) const {
  Values quads = rawHalf(start, half);
  for (Value &quad : quads)
    quad = finish(quad);
  return quads;
}

Values Codes::entriesOfHalf(Value start, int64_t half) const {
  Values quads = rawHalf(start, half);
  for (Value &quad : quads)
    quad = entries(quad);
  return quads;
}

Values Codes::rawHalf(Value start, int64_t half) const {
  Values quads(kQuads);
  if (type.getBits() == 8) {
    for (int64_t q = 0; q < kQuads; ++q)
      quads[q] = c.line(start, c.step.codes + (half * kQuads + q) * phi::kLineBytes);
    return quads;
  }
  for (int64_t j = 0; j < 4; ++j) {
    Value packed = c.line(start, c.step.codes + (half * 4 + j) * phi::kLineBytes);
    quads[j] = andBits(packed, 0x0f);
    quads[4 + j] = andBits(shift(packed, 4), 0x0f);
  }
  if (type.getBits() == 6)
    addHighBits(start, half, quads);
  return quads;
}

void Codes::addHighBits(Value start, int64_t half, Values &quads) const {
  for (int64_t side = 0; side < 2; ++side) {
    Value high = c.line(start, c.step.high + (half * 2 + side) * phi::kLineBytes);
    for (int64_t j = 0; j < 4; ++j) {
      Value moved = j < 2 ? shiftLeft(high, 4 - 2 * j) : shift(high, 2 * j - 4);
      quads[4 * side + j] =
          arith::OrIOp::create(e.b, e.loc, quads[4 * side + j], andBits(moved, 0x30));
    }
  }
}

} // namespace phidias::vec
