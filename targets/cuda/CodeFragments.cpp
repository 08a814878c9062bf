#include "targets/cuda/CodeFragments.h"
#include "dialects/phi/Activations.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kLow = 0x000f000f, kHigh = 0x00300030;

CodeFragments::CodeFragments(const Block &e, Type weight, Value line)
    : e(e), type(cast<phi::QuantizedType>(weight)), line(line), halves{e}, zero(type.getZero()),
      thousand(halves.opaque(0x64006400)), upper(halves.opaque(0x64646464)),
      which(halves.opaque(0x32103210)) {
  if (type.getCodebook())
    tables = {halves.opaque(entries(0)), halves.opaque(entries(8))};
}

Value CodeFragments::row(Value rows, int64_t i) const {
  return vector::ExtractOp::create(e.b, e.loc, rows, i);
}

/// Entries + 128.
int64_t CodeFragments::entries(int64_t first) const {
  SmallVector<int8_t> table = phi::dotTable(type.getCodebook());
  uint32_t four = 0;
  for (int64_t i = 3; i >= 0; --i)
    four = four << 8 | static_cast<uint8_t>(table[first + i]);
  return four;
}

/// Four nibbles side by side are looked up at a time: a byte's low one, its high one, and those of
/// the next. Each half of the table is asked, and bit 3 of a nibble says which answer counts.
/// Entries + 128 of columns 0 and 1, [column][side], then of 2 and 3.
vec::Values CodeFragments::lookUp(Value word) const {
  Value low = halves.andBits(word, 0x77777777);
  Value answer = halves.orBits(halves.andBits(halves.right(word, 1), 0x44444444), which);
  vec::Values words;
  for (int64_t shift = 0; shift < 32; shift += 16) {
    Value own = halves.right(low, shift);
    words.push_back(permuteBytes(e, permuteBytes(e, tables[0], halves.word(entries(4)), own),
                                 permuteBytes(e, tables[1], halves.word(entries(12)), own),
                                 halves.right(answer, shift)));
  }
  return words;
}

/// Bits 4 and 5 of row i's four codes at bits 0, 8, 16 and 24.
Value CodeFragments::highBits(ValueRange loaded, int64_t i, int64_t side) const {
  Value quad = arith::IndexCastUIOp::create(e.b, e.loc, e.b.getI32Type(), e.rem(line, 4));
  return arith::ShRUIOp::create(e.b, e.loc, row(loaded[1 + side], i), halves.left(quad, 1));
}

/// Codes + 1024 of a pair. `high`: null where codes have four bits.
Value CodeFragments::nibbles(Value word, Value high, int64_t shift) const {
  Value bits = halves.andBits(halves.right(word, shift), kLow);
  if (high) {
    Value moved = shift < 8 ? halves.left(high, 4) : halves.right(high, 4);
    bits = halves.orBits(bits, halves.andBits(moved, kHigh));
  }
  return halves.exclusiveOr(bits, thousand);
}

/// Codes less zero of row i's two pairs on `side`.
vec::Values CodeFragments::codesOf(ValueRange loaded, int64_t i, int64_t side) const {
  Value word = row(loaded[0], i);
  vec::Values both, looked = type.getCodebook() ? lookUp(word) : vec::Values();
  Value high = type.getBits() == 6 ? highBits(loaded, i, side) : Value();
  for (int64_t pair = 0; pair < 2; ++pair) {
    auto bytes = [&](Value from, int64_t first, int64_t second) {
      Value chosen = halves.word(0x4040 | first | second << 8);
      return permuteBytes(e, from, upper, chosen);
    };
    if (type.getCodebook())
      both.push_back(halves.less(bytes(looked[pair], side, side + 2), phi::dotZero(type)));
    else if (sides() == 1)
      both.push_back(halves.less(bytes(word, pair, pair + 2), zero));
    else
      both.push_back(halves.less(nibbles(word, high, 4 * side + 8 * pair), zero));
  }
  return both;
}

Value CodeFragments::scaled(Value pair, ValueRange loaded, int64_t i, int64_t side) const {
  if (type.getBits() == 6) {
    Value scale = e.mulf(row(loaded[5], i), e.toF32(row(loaded[3 + side], i)));
    return halves.mul(pair, halves.both(scale));
  }
  Value scale = halves.both(row(loaded[1], i));
  if (type.getMinimum())
    return halves.fma(pair, scale, halves.both(row(loaded[2], i)));
  return halves.mul(pair, scale);
}

/// The two pairs of row i's four columns on `side`.
vec::Values CodeFragments::pairs(ValueRange loaded, int64_t i, int64_t side) const {
  vec::Values words;
  for (Value codes : codesOf(loaded, i, side))
    words.push_back(halves.asWord(scaled(codes, loaded, i, side)));
  return words;
}

vec::Values CodeFragments::fragment(ValueRange loaded, int64_t side) const {
  vec::Values top = pairs(loaded, 0, side), below = pairs(loaded, 1, side);
  return {top[0], below[0], top[1], below[1]};
}

} // namespace phidias::cuda
