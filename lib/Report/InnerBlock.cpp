// Counts what lib/Vectorize/Linear emits into the innermost block of a long pass. The README beside
// this file has the formulas.

#include "InnerBlock.h"
#include "dialects/phi/Activations.h"

using namespace mlir;

namespace phidias::report {

const Product &productOf(const Products &products, Type element, Type activation) {
  if (auto codes = dyn_cast<phi::QuantizedType>(element))
    return codes.getBits() == 8 || codes.getCodebook() ? products.largeCodes : products.codes;
  if (element.isF16() && !products.f16.instruction.empty())
    return products.f16;
  return activation.isBF16() ? products.bf16 : products.f32;
}

bool hasUnpackedForm(Type element) {
  auto codes = dyn_cast<phi::QuantizedType>(element);
  return !codes || codes.getBits() != 6;
}

namespace {

/// A tile of p panels (v vectors each) by t tokens.
struct Tile {
  double p, t, v, d; ///< d: instructions of a product
  double n;          ///< groups of 32 columns after which sums are rescaled
};

/// 32 columns are 8 quads: a dot product each; then conversion, scale times scale, multiply-add.
InnerBlock codesBlock(const Tile &k, bool minimum) {
  InnerBlock b;
  b.products = 8 * k.p * k.t * k.v * k.d;
  b.others = (minimum ? 4 : 3) * k.p * k.t * k.v / k.n;
  double seeds = k.p * k.t, scales = (minimum ? 2 : 1) * (k.p * k.v + k.p * k.t * k.v);
  b.loads = 8 * (k.p * k.v + k.t) + (seeds + scales) / k.n;
  return b;
}

/// The same where factors come from lanes of a register: a sum starts as a float, so that two
/// multiply-adds scale it; where it starts, and the offsets of the first, are loaded anew. What
/// tokens multiply with is two vectors, loaded for each panel, or half of one.
InnerBlock lanesBlock(const Tile &k, bool minimum, bool matrix) {
  InnerBlock b;
  double sums = k.p * k.t * k.v, scales = (minimum ? 2 : 1) * k.p * k.v;
  b.products = 8 * sums * k.d;
  b.others = (minimum ? 3 : 2) * sums / k.n;
  b.loads = 8 * k.p * k.v + 2 * k.t * k.p * (matrix ? 2 : 1) + (2 * sums + scales) / k.n;
  return b;
}

/// The few-tokens code, 8 tokens a panel, unpacks every time: 12 instructions for the low bits of
/// 32 columns, 24 for the high ones; 2 widenings of scales. A token multiplies two sums by scales
/// (a vpmulld is 2), adds them, and folds them as above.
InnerBlock sixBitBlock(Tile k) {
  k.p = 1;
  k.t = 8;
  InnerBlock b;
  b.products = 8 * k.t * k.v * k.d;
  b.others = (12 + 24 + 2) * k.v + (2 * 2 + 1 + 3) * k.t * k.v;
  b.loads = (6 + 3) * k.v + (8 + 2 + 1) * k.t;
  return b;
}

/// 64 columns: a multiply-add for each, or for each two; the sum joins the rest.
InnerBlock floatBlock(const Tile &k, bool pairs) {
  InnerBlock b;
  double lines = pairs ? 32 : 64;
  b.products = lines * k.p * k.t * k.v * k.d;
  b.others = k.p * k.t * k.v;
  b.loads = lines * (k.p * k.v + k.t);
  return b;
}

InnerBlock codesBlockOf(const Tile &k, bool minimum, const Machine &machine) {
  return machine.valueLanes ? lanesBlock(k, minimum, machine.matrix) : codesBlock(k, minimum);
}

} // namespace

InnerBlock innerBlock(Type element, Type activation, int64_t columns, phi::ScheduleAttr schedule,
                      const TargetSpec &target) {
  auto acts = phi::activationLayout(element, activation, columns);
  double vectors = double(16) / target.machine.lanes;
  Tile tile{double(schedule.getPanels()), double(schedule.getTokens()), vectors,
            productOf(target.products, element, activation).count,
            double(phi::blockIn(acts, schedule.getChunk())) / 32};
  auto codes = dyn_cast<phi::QuantizedType>(element);
  bool unpacked = hasUnpackedForm(element);
  InnerBlock inner = !codes     ? floatBlock(tile, activation.isBF16())
                     : unpacked ? codesBlockOf(tile, bool(codes.getMinimum()), target.machine)
                                : sixBitBlock(tile);
  // What P does of the same work: 4 columns of a vector's rows by one phi.dot of small codes.
  double pairs = unpacked ? tile.p * tile.t : 8;
  double dots = (codes ? 8 : 16) * pairs * vectors * target.products.codes.count;
  inner.ceiling = dots / std::max(inner.products + inner.others, inner.loads);
  return inner;
}

} // namespace phidias::report
