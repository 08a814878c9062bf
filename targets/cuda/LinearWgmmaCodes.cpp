// Codes on their way to A: loaded two chunks ahead, to registers, and unpacked there half a chunk
// before they are multiplied. A warp has its own panel, so that no other needs them.

#include "targets/cuda/CodeFragments.h"
#include "targets/cuda/LinearWgmma.h"

using namespace mlir;

namespace phidias::cuda {
namespace {

constexpr int64_t kHalves = 2; ///< of a step

/// Of half a step lane 4g + t has line t, of 8 bits line 4 + t as well, of its two rows: the
/// columns of two products. Loaded: codes of each line, scales, minima.
class CodeWeights : public WgmmaWeights {
public:
  explicit CodeWeights(const WgmmaTile &t)
      : WgmmaWeights(t), e(t.e), type(cast<phi::QuantizedType>(t.op.getElement())),
        fragments(t.e, type, t.e.rem(t.e.lane, 4)), lines(2 / fragments.sides()) {}

  void enter(Value tile) override {
    Value panel = e.min(e.add(t.firstPanel(tile), t.op.getGated() ? e.div(e.warp, 2) : e.warp),
                        e.index(t.panels() - 1));
    Value g = e.div(e.lane, 4), line = e.rem(e.lane, 4);
    start = e.add(t.op.getOffset(), e.mul(panel, t.steps * t.step.bytes));
    row = t.op.getGated() ? e.add(e.mul(e.rem(e.warp, 2), 8), g) : e.mul(g, 2);
    codes = e.add(e.add(start, e.mul(line, phi::kLineBytes)), e.mul(row, 4));
  }

  /// Carried: A of the first half; what is loaded of the second, and of the next chunk.
  vec::Values begin() override {
    vec::Values carried = unpack(load(e.index(0), 0));
    llvm::append_range(carried, load(e.index(0), 1));
    llvm::append_range(carried, loadBoth(e.index(1)));
    return carried;
  }
  vec::Values second(Value i, ValueRange carried) override {
    ahead = loadBoth(e.add(i, kHalves));
    return unpack(carried.slice(kHalfWords, loads()));
  }
  vec::Values following(Value, ValueRange carried) override {
    ValueRange next = carried.drop_front(kHalfWords + loads());
    vec::Values all = unpack(next.take_front(loads()));
    llvm::append_range(all, next.drop_front(loads()));
    llvm::append_range(all, ahead);
    return all;
  }

private:
  int64_t loads() const { return type.getBits() == 6 ? 6 : lines + (type.getMinimum() ? 2 : 1); }

  /// Two rows' elements: side by side, or where gate and up come from two panels one of each.
  Value rows(Type element, Value at) const {
    auto load = [&](Type type, Value place) {
      return e.loadAligned(type, t.op.getWeights(), place);
    };
    if (!t.op.getGated())
      return load(e.vector(2, element), at);
    Value up = e.add(at, t.panels() * t.steps * t.step.bytes);
    return vector::FromElementsOp::create(e.b, e.loc, e.vector(2, element),
                                          ValueRange{load(element, at), load(element, up)});
  }

  /// Of chunk i, or of the last one.
  vec::Values load(Value i, int64_t half) const {
    Value from = e.mul(e.min(i, e.index(t.steps - 1)), t.step.bytes);
    vec::Values loaded;
    for (int64_t line = 0; line < lines; ++line) {
      int64_t own = t.step.codes + 4 * (half * lines + line) * phi::kLineBytes;
      loaded.push_back(rows(e.b.getI32Type(), e.add(e.add(codes, from), own)));
    }
    type.getBits() == 6 ? loadSix(from, half, loaded) : loadFactors(from, half, loaded);
    return loaded;
  }
  void loadFactors(Value from, int64_t half, vec::Values &loaded) const {
    auto factors = [&](int64_t part) {
      Value at = e.add(e.add(start, e.mul(row, 2)), from);
      loaded.push_back(rows(e.b.getF16Type(), e.add(at, part + half * 2 * phi::kPanelRows)));
    };
    factors(t.step.scales);
    if (type.getMinimum())
      factors(t.step.minima);
  }
  void loadSix(Value from, int64_t half, vec::Values &loaded) const {
    auto two = [&](Type element, int64_t bytes, int64_t at) {
      Value own = e.add(e.add(start, e.mul(row, bytes)), from);
      loaded.push_back(rows(element, e.add(own, at)));
    };
    for (int64_t side = 0; side < 2; ++side)
      two(e.b.getI32Type(), 4, t.step.high + (2 * half + side) * phi::kLineBytes);
    for (int64_t side = 0; side < 2; ++side)
      two(e.b.getI8Type(), 1, t.step.scales + (2 * half + side) * phi::kPanelRows);
    two(e.b.getF32Type(), 4, t.step.super);
  }
  vec::Values loadBoth(Value i) const {
    vec::Values loaded = load(i, 0);
    llvm::append_range(loaded, load(i, 1));
    return loaded;
  }

  vec::Values unpack(ValueRange loaded) const {
    vec::Values words;
    for (int64_t product = 0; product < 2; ++product) {
      vec::Values own{loaded[product % lines]};
      llvm::append_range(own, loaded.drop_front(lines));
      llvm::append_range(words, fragments.fragment(own, lines == 1 ? product : 0));
    }
    return words;
  }

  const Block &e;
  phi::QuantizedType type;
  CodeFragments fragments;
  int64_t lines;           ///< of half a step, that a lane has
  Value start, row, codes; ///< of the panel; the lane's first row; where its first codes are
  vec::Values ahead;       ///< what `second` loads for `following`
};

} // namespace

std::unique_ptr<WgmmaWeights> codeWeights(const WgmmaTile &t) {
  return std::make_unique<CodeWeights>(t);
}

} // namespace phidias::cuda
