// Panels of codes → f16 fragments.

#include "targets/cuda/LinearManyCodes.h"
#include "targets/cuda/WideRow.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kRows = 2, kThreadsALine = phi::kPanelRows / kRows; // of a line of codes
static constexpr int64_t kLow = 0x000f000f, kHigh = 0x00300030;

/// Where a lane's fragment lies: threads that store, and those that load, are spread over the
/// banks.
Value laneUnit(const ManyTile &t, Value lane) { return t.exclusiveOr(lane, t.e.div(lane, 8)); }

/// Where a tile has less than that, the last warps have nothing to do.
void ManyCodes::enter() {
  Value unit = e.div(e.thread, kThreadsALine);
  firstRow = e.mul(e.rem(e.thread, kThreadsALine), kRows);
  line = e.rem(unit, lines);
  slot = e.div(unit, lines);
  Value half = e.div(line, lines / 2);
  int64_t apart = kBlockThreads / kThreadsALine / lines;
  units = std::max<int64_t>(1, t.kSlots / apart);
  starts.clear();
  for (int64_t i = 0; i < units; ++i) {
    Value start = t.panelStart(e.rem(e.add(slot, i * apart), t.kSlots));
    auto part = [&](Value group, int64_t groupBytes, int64_t rowBytes, int64_t at) {
      Value own = e.add(e.mul(group, groupBytes), e.mul(firstRow, rowBytes));
      starts.push_back(e.add(e.add(start, own), at));
    };
    part(line, phi::kLineBytes, 4, t.step.codes);
    if (type.getBits() != 6) {
      part(half, 2 * phi::kPanelRows, 2, t.step.scales);
      continue;
    }
    part(half, 2 * phi::kLineBytes, 4, t.step.high);
    part(half, 2 * phi::kPanelRows, 1, t.step.scales);
    part(half, 0, 4, t.step.super);
  }
}

void ManyCodes::loadUnit(ValueRange places, Value from, vec::Values &loaded) const {
  auto rows = [&](Type element, int64_t place, int64_t more = 0) {
    Value at = e.add(e.add(places[place], from), more);
    loaded.push_back(e.loadAligned(e.vector(kRows, element), t.op.getWeights(), at));
  };
  rows(e.b.getI32Type(), 0);
  if (type.getBits() != 6) {
    rows(e.b.getF16Type(), 1);
    if (type.getMinimum())
      rows(e.b.getF16Type(), 1, t.step.minima - t.step.scales);
    return;
  }
  for (int64_t side = 0; side < 2; ++side)
    rows(e.b.getI32Type(), 1, side * phi::kLineBytes);
  for (int64_t side = 0; side < 2; ++side)
    rows(e.b.getI8Type(), 2, side * phi::kPanelRows);
  rows(e.b.getF32Type(), 3);
}

vec::Values ManyCodes::load(Value from) const {
  vec::Values loaded;
  for (int64_t i = 0; i < units; ++i)
    loadUnit(ArrayRef(starts).slice(i * placesOfUnit(), placesOfUnit()), from, loaded);
  return loaded;
}

Value ManyCodes::row(Value rows, int64_t i) const {
  return vector::ExtractOp::create(e.b, e.loc, rows, i);
}

/// Entries + 128.
int64_t ManyCodes::entries(int64_t first) const {
  SmallVector<int8_t> table = phi::dotTable(type.getCodebook());
  uint32_t four = 0;
  for (int64_t i = 3; i >= 0; --i)
    four = four << 8 | static_cast<uint8_t>(table[first + i]);
  return four;
}

/// Four nibbles side by side are looked up at a time: a byte's low one, its high one, and those of
/// the next. Each half of the table is asked, and bit 3 of a nibble says which answer counts.
/// Entries + 128 of columns 0 and 1, [column][side], then of 2 and 3.
vec::Values ManyCodes::lookUp(Value word) const {
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
Value ManyCodes::highBits(ValueRange loaded, int64_t i, int64_t side) const {
  Value quad = arith::IndexCastUIOp::create(e.b, e.loc, e.b.getI32Type(), e.rem(line, 4));
  return arith::ShRUIOp::create(e.b, e.loc, row(loaded[1 + side], i), halves.left(quad, 1));
}

/// Codes + 1024 of a pair. `high`: null where codes have four bits.
Value ManyCodes::nibbles(Value word, Value high, int64_t shift) const {
  Value bits = halves.andBits(halves.right(word, shift), kLow);
  if (high) {
    Value moved = shift < 8 ? halves.left(high, 4) : halves.right(high, 4);
    bits = halves.orBits(bits, halves.andBits(moved, kHigh));
  }
  return halves.exclusiveOr(bits, thousand);
}

/// Codes less zero of row i's two pairs on `side`.
vec::Values ManyCodes::codesOf(ValueRange loaded, int64_t i, int64_t side) const {
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
    else if (sides == 1)
      both.push_back(halves.less(bytes(word, pair, pair + 2), zero));
    else
      both.push_back(halves.less(nibbles(word, high, 4 * side + 8 * pair), zero));
  }
  return both;
}

Value ManyCodes::scaled(Value pair, ValueRange loaded, int64_t i, int64_t side) const {
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
vec::Values ManyCodes::pairs(ValueRange loaded, int64_t i, int64_t side) const {
  vec::Values words;
  for (Value codes : codesOf(loaded, i, side))
    words.push_back(halves.asWord(scaled(codes, loaded, i, side)));
  return words;
}

/// A lane's fragment: pair 0 of both rows, pair 1 of both.
void ManyCodes::storeUnit(ValueRange loaded, Value start) const {
  Type unit = e.vector(4, e.b.getI32Type());
  Value shared = t.shared(unit, start);
  for (int64_t side = 0; side < sides; ++side) {
    vec::Values top = pairs(loaded, 0, side), below = pairs(loaded, 1, side);
    Value words = vector::FromElementsOp::create(e.b, e.loc, cast<VectorType>(unit),
                                                 ValueRange{top[0], below[0], top[1], below[1]});
    e.storeOne(words, shared, e.index(side * kFragmentBytes / kUnitBytes));
  }
}

void ManyCodes::store(ValueRange loaded, Value stage) const {
  Value lane = e.add(e.mul(e.div(firstRow, kRows), 4), e.rem(line, 4));
  Value part = e.mul(e.div(line, 4), sides);
  Value own = e.add(e.mul(part, kFragmentBytes), e.mul(laneUnit(t, lane), kUnitBytes));
  int64_t apart = kBlockThreads / kThreadsALine / lines;
  auto all = [&] {
    for (int64_t i = 0; i < units; ++i) {
      Value panel = e.mul(e.add(slot, i * apart), kPanelBytes);
      storeUnit(loaded.slice(i * loadsOfUnit(), loadsOfUnit()), e.add(stage, e.add(panel, own)));
    }
  };
  if (t.kSlots >= apart)
    return all();
  e.when(e.less(slot, e.index(t.kSlots)), all);
}

} // namespace phidias::cuda
