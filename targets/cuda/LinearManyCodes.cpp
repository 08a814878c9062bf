// Panels of codes → f16 fragments.

#include "targets/cuda/LinearManyCodes.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kRows = 2, kThreadsALine = phi::kPanelRows / kRows; // of a line of codes
static constexpr int64_t kLow = 0x000f000f, kByte = 0x00ff00ff, kHigh = 0x00300030;

/// Where a lane's fragment lies: threads that store, and those that load, are spread over the
/// banks.
static Value laneUnit(const ManyTile &t, Value lane) {
  return t.exclusiveOr(lane, t.e.div(lane, 8));
}

/// Words, so that threads that look up different codes never meet in a bank.
void ManyCodes::prepare() const {
  if (!type.getCodebook())
    return;
  Value table = t.shared(e.b.getI32Type(), e.index(t.tableAt()));
  Value own = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq, e.thread, e.index(0));
  e.when(own, [&] {
    for (auto [code, entry] : llvm::enumerate(type.getCodebook().asArrayRef())) {
      APFloat value(APFloat::IEEEhalf());
      value.convertFromAPInt(APInt(32, entry, true), true, APFloat::rmNearestTiesToEven);
      Value bits = e.i32(static_cast<int32_t>(value.bitcastToAPInt().getZExtValue()));
      e.storeOne(bits, table, e.index(code));
    }
  });
}

/// Where a tile has less than that, the last warps have nothing to do.
void ManyCodes::enterPanels() {
  Value unit = e.div(e.thread, kThreadsALine);
  firstRow = e.mul(e.rem(e.thread, kThreadsALine), kRows);
  line = e.rem(unit, lines);
  slot = e.div(unit, lines);
  half = e.div(line, lines / 2);
  int64_t apart = kBlockThreads / kThreadsALine / lines;
  units = std::max<int64_t>(1, t.slots / apart);
  starts.clear();
  for (int64_t i = 0; i < units; ++i)
    starts.push_back(t.panelStart(e.rem(e.add(slot, i * apart), t.slots)));
}

Value ManyCodes::loadRows(Type element, Value stepStart, Value at) const {
  int64_t bytes = element.getIntOrFloatBitWidth() / 8;
  return e.loadAligned(e.vector(kRows, element), t.op.getWeights(),
                       e.add(e.add(stepStart, at), e.mul(firstRow, bytes)));
}

void ManyCodes::loadUnit(Value step, vec::Values &loaded) const {
  Type i32 = e.b.getI32Type();
  loaded.push_back(loadRows(i32, step, e.add(e.mul(line, phi::kLineBytes), t.step.codes)));
  auto ofHalf = [&](Type element, int64_t at, int64_t bytes) {
    loaded.push_back(loadRows(element, step, e.add(e.mul(half, bytes), at)));
  };
  if (type.getBits() != 6) {
    ofHalf(e.b.getF16Type(), t.step.scales, 2 * phi::kPanelRows);
    if (type.getMinimum())
      ofHalf(e.b.getF16Type(), t.step.minima, 2 * phi::kPanelRows);
    return;
  }
  for (int64_t side = 0; side < 2; ++side)
    ofHalf(i32, t.step.high + side * phi::kLineBytes, 2 * phi::kLineBytes);
  for (int64_t side = 0; side < 2; ++side)
    ofHalf(e.b.getI8Type(), t.step.scales + side * phi::kPanelRows, 2 * phi::kPanelRows);
  loaded.push_back(loadRows(e.b.getF32Type(), step, e.index(t.step.super)));
}

vec::Values ManyCodes::load(Value chunk) const {
  vec::Values loaded;
  for (Value start : starts)
    loadUnit(e.add(start, e.mul(chunk, t.step.bytes)), loaded);
  return loaded;
}

Value ManyCodes::row(Value rows, int64_t i) const {
  return vector::ExtractOp::create(e.b, e.loc, rows, i);
}

/// Of codes `first` and `first + 2` of a word's side, which starts at bit `shift`.
Value ManyCodes::lookUp(Value word, int64_t shift) const {
  Value entries[2], table = t.shared(e.b.getI32Type(), e.index(t.tableAt()));
  for (int64_t i = 0; i < 2; ++i) {
    Value code = halves.andBits(halves.right(word, shift + 16 * i), 15);
    Value at = arith::IndexCastUIOp::create(e.b, e.loc, e.b.getIndexType(), code);
    entries[i] = e.loadOne(table, at);
  }
  return halves.asPair(halves.orBits(entries[0], halves.left(entries[1], 16)));
}

/// Codes less zero of two columns. `high`: bits 4 and 5 of all four at bits 0, 8, 16 and 24.
Value ManyCodes::codesOf(Value word, Value high, int64_t shift) const {
  if (type.getCodebook())
    return lookUp(word, shift);
  Value bits = halves.andBits(halves.right(word, shift), sides == 1 ? kByte : kLow);
  if (high) {
    Value moved = shift < 8 ? halves.left(high, 4) : halves.right(high, 4);
    bits = halves.orBits(bits, halves.andBits(moved, kHigh));
  }
  return halves.less(halves.exclusiveOr(bits, thousand), zero);
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
  Value high;
  if (type.getBits() == 6) {
    Value quad = arith::IndexCastUIOp::create(e.b, e.loc, e.b.getI32Type(), e.rem(line, 4));
    high = arith::ShRUIOp::create(e.b, e.loc, row(loaded[1 + side], i), halves.left(quad, 1));
  }
  vec::Values words;
  for (int64_t odd = 0; odd < 2; ++odd) {
    Value codes = codesOf(row(loaded[0], i), high, 4 * side + 8 * odd);
    words.push_back(halves.asWord(scaled(codes, loaded, i, side)));
  }
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
  if (t.slots >= apart)
    return all();
  e.when(e.less(slot, e.index(t.slots)), all);
}

namespace {

class CodeOperands : public ManyOperands {
public:
  explicit CodeOperands(const ManyTile &tile) : ManyOperands(tile), codes(tile), values(tile) {}

  void enterTokens() override {
    codes.prepare();
    values.enterTokens();
    e.barrier();
  }
  void enterPanels() override { codes.enterPanels(); }

  vec::Values begin() const override {
    store(load(e.index(0)), e.index(0));
    return load(e.index(1));
  }
  /// Loads come first: LLVM would move them past the multiplications, to where they are used.
  vec::Values advance(const ManyChunk &chunk, ValueRange carried) const override {
    vec::Values later = load(e.add(chunk.number, 2));
    store(carried, t.stage(chunk, 1));
    return later;
  }

  vec::Values fragment(Value stage, int64_t slot, int64_t part) const override {
    Value start = e.add(stage, e.mul(laneUnit(t, e.lane), kUnitBytes));
    Value shared = t.shared(e.vector(4, e.b.getI32Type()), start);
    Value words = e.loadOne(shared, e.index((slot * kFragments + part) * kWarpThreads));
    vec::Values registers;
    for (int64_t i = 0; i < 4; ++i)
      registers.push_back(vector::ExtractOp::create(e.b, e.loc, words, i));
    return registers;
  }

  Value finish(Value sum, Value tokenOfTile) const override {
    return e.mulf(sum, values.largest(tokenOfTile));
  }

private:
  /// Beyond the last chunk, that again.
  vec::Values load(Value chunk) const {
    Value own = e.min(chunk, e.index(t.steps - 1));
    vec::Values loaded = codes.load(own);
    llvm::append_range(loaded, values.load(own));
    return loaded;
  }
  void store(ValueRange loaded, Value stage) const {
    codes.store(loaded.take_front(codes.loads()), stage);
    values.store(loaded.drop_front(codes.loads()), stage);
  }

  ManyCodes codes;
  ManyValues values;
};

} // namespace

std::unique_ptr<ManyOperands> codeOperands(const ManyTile &tile) {
  return std::make_unique<CodeOperands>(tile);
}

} // namespace phidias::cuda
