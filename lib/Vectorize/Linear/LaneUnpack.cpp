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

Value LanePanels::groupAt(Value group, int64_t panel, int64_t groupBytes) const {
  return e.mul(e.add(e.mul(group, c.schedule.getPanels()), panel), groupBytes);
}

Value LanePanels::loadPart(Value at, Type element) const {
  int64_t lanes = 8 * kPartBytes / element.getIntOrFloatBitWidth();
  return e.recast(e.load(kPartBytes, c.op.getScratch(), at), lanes, element);
}

void LanePanels::storePart(Value part, Value at) const {
  e.store(e.recast(part, kPartBytes, e.b.getI8Type()), c.op.getScratch(), at);
}

Value LanePanels::dotZeroed(Value acc, Value codes, Value values) const {
  return phi::DotOp::create(e.b, e.loc, acc.getType(), acc, codes, values, zeroedMax(),
                            /*signed_codes=*/true);
}

Value LanePanels::fold(Value acc, Value dots, Value scale, Value offset,
                       Value activationScale) const {
  Value shifted = e.recast(dots, 4, e.b.getF32Type());
  return e.fma(e.fma(shifted, scale, offset), activationScale, acc);
}

void LanePanels::storeCodes(Value at, int64_t block, int64_t part, Value even, Value odd) const {
  for (auto [i, quad] : llvm::enumerate(ArrayRef<Value>{even, odd}))
    storePart(quad, e.add(at, (2 * block + i) * phi::kLineBytes + part * kPartBytes));
}

void LanePanels::storeScales(Value at, int64_t part, Value scales) const {
  storePart(scales, e.add(at, part * kPartBytes));
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
        for (Quad quad : quadsOf(lineOf(start, half, c.step.codes, lines(), line, part), start, half,
                                 line, part))
          quads[quad.number] = zeroed(e, codes, quad.codes);
      for (int64_t block = 0; block < kQuads / 2; ++block)
        storeCodes(e.add(at, LaneGroup::codes), block, part, quads[2 * block],
                   quads[2 * block + 1]);
      Value scale = halves(start, half, c.step.scales, part), offset = e.mulf(scale, magic);
      storeScales(e.add(at, LaneGroup::scales), part, scale);
      if (type.getMinimum())
        storeScales(e.add(at, layout.minima), part, halves(start, half, c.step.minima, part));
      for (int64_t copy = 0; copy < layout.copies; ++copy)
        storeScales(e.add(at, layout.offsets + copy * layout.lineBytes), part, offset);
    }
    for (int64_t i = 0; i < layout.copies * kParts; ++i)
      storePart(start0, e.add(at, layout.starts + i * kPartBytes));
  });
}

} // namespace phidias::vec
