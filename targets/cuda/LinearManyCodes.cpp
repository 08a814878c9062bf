// Panels of codes → f16 fragments.

#include "targets/cuda/LinearManyCodes.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kLow = 0x000f000f, kByte = 0x00ff00ff, kHigh = 0x00300030;

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

void ManyCodes::enterPanels() {
  rows = t.slots * lines * phi::kPanelRows / kBlockThreads;
  int64_t threadsALine = phi::kPanelRows / rows;
  firstRow = e.mul(e.rem(e.thread, threadsALine), rows);
  Value unit = e.div(e.thread, threadsALine);
  line = e.rem(unit, lines);
  slot = e.div(unit, lines);
  half = e.div(line, lines / 2);
  start = t.panelStart(slot);
}

Value ManyCodes::loadRows(Type element, Value stepStart, Value at) const {
  int64_t bytes = element.getIntOrFloatBitWidth() / 8;
  return e.loadAligned(e.vector(rows, element), t.op.getWeights(),
                       e.add(e.add(stepStart, at), e.mul(firstRow, bytes)));
}

vec::Values ManyCodes::load(Value chunk) const {
  Value step = e.add(start, e.mul(chunk, t.step.bytes));
  Type i32 = e.b.getI32Type();
  vec::Values loaded{loadRows(i32, step, e.add(e.mul(line, phi::kLineBytes), t.step.codes))};
  auto ofHalf = [&](Type element, int64_t at, int64_t bytes) {
    loaded.push_back(loadRows(element, step, e.add(e.mul(half, bytes), at)));
  };
  if (type.getBits() != 6) {
    ofHalf(e.b.getF16Type(), t.step.scales, 32);
    if (type.getMinimum())
      ofHalf(e.b.getF16Type(), t.step.minima, 32);
    return loaded;
  }
  for (int64_t side = 0; side < 2; ++side)
    ofHalf(i32, t.step.high + side * phi::kLineBytes, 2 * phi::kLineBytes);
  for (int64_t side = 0; side < 2; ++side)
    ofHalf(e.b.getI8Type(), t.step.scales + side * phi::kPanelRows, 2 * phi::kPanelRows);
  loaded.push_back(loadRows(e.b.getF32Type(), step, e.index(t.step.super)));
  return loaded;
}

int64_t ManyCodes::loads() const { return type.getBits() == 6 ? 6 : type.getMinimum() ? 3 : 2; }

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

void ManyCodes::store(ValueRange loaded, Value stage) const {
  VectorType two = e.vector(2, e.b.getI32Type());
  Value part = e.mul(e.div(line, 4), sides), quad = e.rem(line, 4);
  Value start = e.add(e.mul(slot, kPanelBytes), e.mul(part, kFragmentBytes));
  for (int64_t i = 0; i < rows; ++i) {
    Value own = e.add(firstRow, i), group = e.rem(own, 8);
    Value unit = t.exclusiveOr(e.add(e.mul(group, 4), quad), e.mul(e.div(group, 4), 4));
    Value at = e.add(start, e.add(e.mul(unit, kUnitBytes), e.mul(e.div(own, 8), 8)));
    Value shared = t.shared(two, e.add(stage, at));
    for (int64_t side = 0; side < sides; ++side) {
      Value words = vector::FromElementsOp::create(e.b, e.loc, two, pairs(loaded, i, side));
      e.storeOne(words, shared, e.index(side * kFragmentBytes / 8));
    }
  }
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
  vec::Values advance(Value chunk, ValueRange carried) const override {
    vec::Values later = load(e.add(chunk, 2));
    store(carried, e.add(chunk, 1));
    return later;
  }

  vec::Values fragment(Value stage, int64_t slot, int64_t part) const override {
    Value lane = t.exclusiveOr(e.lane, e.mul(e.div(e.lane, 16), 4));
    Value shared = t.shared(e.vector(4, e.b.getI32Type()), e.add(stage, e.mul(lane, kUnitBytes)));
    Value words = e.loadOne(shared, e.index((slot * kFragments + part) * kWarpThreads));
    vec::Values registers;
    for (int64_t i : {0, 2, 1, 3})
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
  void store(ValueRange loaded, Value chunk) const {
    codes.store(loaded.take_front(codes.loads()), t.stage(chunk));
    values.store(loaded.drop_front(codes.loads()), t.stage(chunk));
  }

  ManyCodes codes;
  ManyValues values;
};

} // namespace

std::unique_ptr<ManyOperands> codeOperands(const ManyTile &tile) {
  return std::make_unique<CodeOperands>(tile);
}

} // namespace phidias::cuda
