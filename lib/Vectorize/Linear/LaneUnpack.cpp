// Codes for a long pass on machines that take a factor from a lane: unpacked once, with their zero
// subtracted, so that all sums start from the same.

#include "LaneGroup.h"
#include "LanePanels.h"

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

void LanePanels::unpackStep(Value start, Value index, int64_t panel) const {
  LaneGroup layout(type, c.schedule, matrix());
  Value start0 = e.splat(4, e.i32(kMagicBits)), magic = e.splat(4, e.f32(-kMagic));
  e.loop(e.index(0), e.index(2), 1, [&](Value half) {
    Value at = groupAt(e.add(e.mul(index, 2), half), panel, layout.bytes);
    for (int64_t part = 0; part < kParts; ++part) {
      Values quads(kQuads);
      for (int64_t line = 0; line < lines(); ++line)
        for (Quad quad : quadsOf(lineOf(start, half, c.step.codes, lines(), line, part), start,
                                 half, line, part))
          quads[quad.number] = zeroed(e, codes, quad.codes);
      int64_t side = part / kHalves, ofSide = part % kHalves;
      auto line = [&](int64_t lines, int64_t number) {
        return e.add(at, lines + number * layout.lineBytes());
      };
      for (int64_t block = 0; block < kBlocks; ++block)
        storeCodes(
            e.add(at, LaneGroup::codes + side * LaneGroup::halfBytes + block * phi::kLineBytes),
            ofSide, quads[2 * block], quads[2 * block + 1]);
      Value scale = halves(start, half, c.step.scales, part), offset = e.mulf(scale, magic);
      storeScales(line(LaneGroup::scales, side), ofSide, scale);
      if (type.getMinimum())
        storeScales(line(layout.minima, side), ofSide, halves(start, half, c.step.minima, part));
      for (int64_t copy = 0; copy < layout.copies; ++copy)
        storeScales(line(layout.offsets, side * layout.copies + copy), ofSide, offset);
    }
    for (int64_t i = 0; i < layout.copies * layout.vectors; ++i)
      storePart(start0, e.add(at, layout.starts + i * kPartBytes));
  });
}

} // namespace phidias::vec
