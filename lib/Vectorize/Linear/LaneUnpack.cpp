// Codes for a long pass on machines that take a factor from a lane: unpacked once, with their zero
// subtracted, so that all sums start from the same.

#include "LanePanels.h"
#include "Rescale.h"

using namespace mlir;

namespace phidias::vec {

int64_t LanePanels::zeroedMax() const {
  int64_t zero = phi::dotZero(type);
  return phi::exceedsSigned(type) ? 128 : std::max(zero, codes.max - zero);
}

bool LanePanels::canUnpack() const {
  return type.getBits() != 6 && (!phi::exceedsSigned(type) || phi::dotZero(type) == 128);
}

void LanePanels::storePart(Value part, Value at) const {
  e.store(e.recast(part, kPartBytes, e.b.getI8Type()), c.op.getScratch(), at);
}

/// `quad` with its zero subtracted, wherever `finish` has left that.
static Value zeroed(const Emitter &e, const Codes &codes, Value quad) {
  int64_t zero = codes.zero;
  if (zero == 0)
    return quad;
  return arith::SubIOp::create(e.b, e.loc, quad, codes.constant(quad, zero));
}

void LanePanels::unpackCodes(Value start, Value half, int64_t part, Value at, Value group,
                             const BlockScale *common) const {
  Value own;
  if (common)
    own = common->multipliers(halves(start, half, c.step.scales, part));
  Values quads(kQuads);
  for (int64_t line = 0; line < lines(); ++line)
    for (Quad quad : quadsOf(lineOf(start, half, c.step.codes, lines(), line, part), start, half,
                             line, part, /*entries=*/common))
      quads[quad.number] =
          common ? common->rescaled(quad.codes, own) : zeroed(e, codes, quad.codes);
  int64_t side = part / kHalves, ofSide = part % kHalves;
  Value first = e.add(e.add(at, LaneGroup::codes + side * layout().halfBytes),
                      e.mul(group, kEights * phi::kLineBytes));
  for (int64_t eight = 0; eight < kEights; ++eight)
    storeCodes(e.add(first, eight * phi::kLineBytes), ofSide, quads[2 * eight],
               quads[2 * eight + 1]);
}

void LanePanels::storeScalesOf(int64_t part, Value at, Value scale, Value minimum) const {
  LaneGroup lines = layout();
  int64_t side = part / kHalves, ofSide = part % kHalves;
  auto line = [&](int64_t first, int64_t number) {
    return e.add(at, first + number * lines.lineBytes());
  };
  storeScales(line(lines.scales, side), ofSide, scale);
  if (minimum)
    storeScales(line(lines.minima, side), ofSide, minimum);
  Value offset = e.mulf(scale, e.splat(4, e.f32(-kMagic)));
  for (int64_t copy = 0; copy < lines.copies; ++copy)
    storeScales(line(lines.offsets, side * lines.copies + copy), ofSide, offset);
}

void LanePanels::storeStarts(Value at) const {
  Value start = e.splat(4, e.i32(kMagicBits));
  for (int64_t i = 0; i < layout().copies * layout().vectors; ++i)
    storePart(start, e.add(at, layout().starts + i * kPartBytes));
}

void LanePanels::unpackStep(Value start, Value index, int64_t panel) const {
  if (c.block > 32)
    return unpackBlock(start, blockAt(e.div(index, unpackSteps()), panel));
  e.loop(e.index(0), e.index(2), 1, [&](Value half) {
    Value at = blockAt(e.add(e.mul(index, 2), half), panel);
    for (int64_t part = 0; part < kParts; ++part) {
      unpackCodes(start, half, part, at, e.index(0), nullptr);
      Value minimum = type.getMinimum() ? halves(start, half, c.step.minima, part) : Value();
      storeScalesOf(part, at, halves(start, half, c.step.scales, part), minimum);
    }
    storeStarts(at);
  });
}

void LanePanels::unpackBlock(Value start, Value at) const {
  for (int64_t part = 0; part < kParts; ++part) {
    Values scales;
    for (int64_t group = 0; group < c.block / 32; ++group)
      scales.push_back(
          halves(e.add(start, group / 2 * c.step.bytes), e.index(group % 2), c.step.scales, part));
    BlockScale common(e, scales);
    e.loop(e.index(0), e.index(c.block / 32), 1, [&](Value group) {
      Value step = e.add(start, e.mul(e.div(group, 2), c.step.bytes));
      unpackCodes(step, e.rem(group, 2), part, at, group, &common);
    });
    storeScalesOf(part, at, common.scale(), Value());
  }
  storeStarts(at);
}

} // namespace phidias::vec
