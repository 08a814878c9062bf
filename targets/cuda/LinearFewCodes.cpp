#include "targets/cuda/LinearFewCodes.h"

using namespace mlir;

namespace phidias::cuda {

FewLane::FewLane(const FewTile &tile) {
  const Block &e = tile.e;
  g = e.div(e.lane, 4);
  t = e.rem(e.lane, 4);
  quad = e.rem(g, 4);
  half = e.div(g, 4);
  inSecond = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::ne, half, e.index(0));
}

FewCodes::FewCodes(const FewTile &tile, const FewLane &lane)
    : type(cast<phi::QuantizedType>(tile.element)), tile(tile), e(tile.e), lane(lane) {}

SmallVector<Piece> FewCodes::pieces() const {
  Type words = e.vector(4, e.b.getI32Type()), halves = e.vector(4, e.b.getF16Type());
  Value rows = e.mul(lane.quad, kPieceBytes); // 4 rows of a line
  auto line = [&](int64_t start, Value number) {
    return e.add(e.add(e.mul(number, phi::kLineBytes), rows), start);
  };
  int64_t linesAHalf = type.getBits() == 8 ? 8 : 4;
  Value own = e.add(e.mul(lane.half, linesAHalf), lane.t);
  SmallVector<Piece> all{{words, line(tile.step.codes, own)}};
  if (type.getBits() == 8)
    all.push_back({words, line(tile.step.codes, e.add(own, 4))});
  if (type.getBits() == 6) {
    // Lanes 0 and 1 of four fetch the high bits of both sides, the others the super-scales.
    Value high = line(tile.step.high, e.add(e.mul(lane.half, 2), lane.t));
    Value isHigh = e.less(lane.t, e.index(2));
    all.push_back({words, tile.select(isHigh, high, e.add(rows, tile.step.super))});
    for (int64_t side = 0; side < 2; ++side) {
      Value start = e.mul(e.add(e.mul(lane.half, 2), side), phi::kPanelRows);
      all.push_back({e.vector(4, e.b.getI8Type()),
                     e.add(e.add(start, e.mul(lane.quad, 4)), tile.step.scales)});
    }
    return all;
  }
  Value place = e.add(e.mul(lane.half, 2 * phi::kPanelRows), e.mul(lane.quad, 8));
  all.push_back({halves, e.add(place, tile.step.scales)});
  if (type.getMinimum())
    all.push_back({halves, e.add(place, tile.step.minima)});
  return all;
}

FewQuads FewCodes::unpack(ValueRange pieces) const {
  if (type.getCodebook())
    return lookUp(pieces[0]);
  FewQuads quads;
  if (type.getBits() != 8) {
    quads = nibbles(pieces[0]);
    if (type.getBits() == 6)
      addHighBits(pieces[1], quads);
    return quads;
  }
  for (int64_t row = 0; row < 4; ++row) {
    quads.low[row] = tile.at(pieces[0], row);
    quads.high[row] = tile.at(pieces[1], row);
  }
  return quads;
}

FewQuads FewCodes::nibbles(Value words) const {
  FewQuads quads;
  for (int64_t row = 0; row < 4; ++row) {
    Value word = tile.at(words, row);
    quads.low[row] = tile.andBits(word, 0x0f0f0f0f);
    quads.high[row] = tile.andBits(tile.shiftRight(word, 4), 0x0f0f0f0f);
  }
  return quads;
}

/// Looks up four nibbles side by side: a byte's low one, its high one, and those of the next. The
/// first word has so columns 4t, 16 + 4t, 4t + 1 and 16 + 4t + 1, the second the others of both.
/// Each half of the table is asked, and bit 3 of a nibble says which answer counts.
FewQuads FewCodes::lookUp(Value words) const {
  SmallVector<int8_t> table = phi::dotTable(type.getCodebook());
  auto entries = [&](int64_t first) {
    uint32_t word = 0;
    for (int64_t i = 3; i >= 0; --i)
      word = word << 8 | static_cast<uint8_t>(table[first + i]);
    return e.i32(static_cast<int32_t>(word));
  };
  FewQuads quads;
  for (int64_t row = 0; row < 4; ++row) {
    Value word = tile.at(words, row), index = tile.andBits(word, 0x77777777);
    Value which =
        tile.orBits(tile.shiftRight(tile.andBits(word, 0x88888888), 1), e.i32(0x32103210));
    for (int64_t pair = 0; pair < 2; ++pair) {
      Value own = pair ? tile.shiftRight(index, 16) : index;
      Value low = permuteBytes(e, entries(0), entries(4), own);
      Value high = permuteBytes(e, entries(8), entries(12), own);
      (pair ? quads.high : quads.low)[row] =
          permuteBytes(e, low, high, pair ? tile.shiftRight(which, 16) : which);
    }
  }
  return quads;
}

Value FewCodes::ofLane(Value word, int64_t from) const {
  Value source = e.add(e.mul(lane.g, 4), from);
  Value number = arith::IndexCastOp::create(e.b, e.loc, e.b.getI32Type(), source);
  return gpu::ShuffleOp::create(e.b, e.loc, word, number, e.i32(kWarpThreads),
                                gpu::ShuffleMode::IDX)
      .getShuffleResult();
}

void FewCodes::addHighBits(Value mine, FewQuads &quads) const {
  Value shift = arith::IndexCastOp::create(e.b, e.loc, e.b.getI32Type(), e.mul(lane.t, 2));
  for (int64_t side = 0; side < 2; ++side)
    for (int64_t row = 0; row < 4; ++row) {
      Value bits = ofLane(tile.at(mine, row), side);
      Value own = arith::ShRUIOp::create(e.b, e.loc, bits, shift);
      Value placed = tile.shiftLeft(tile.andBits(own, 0x03030303), 4);
      Value &quad = (side ? quads.high : quads.low)[row];
      quad = tile.orBits(quad, placed);
    }
}

vec::Values FewCodes::scales(ValueRange pieces) const {
  vec::Values all;
  for (int64_t row = 0; row < 4; ++row)
    if (type.getBits() == 6)
      all.push_back(arith::BitcastOp::create(e.b, e.loc, e.b.getF32Type(),
                                             ofLane(tile.at(pieces[1], row), 2)));
    else
      all.push_back(e.toF32(tile.at(pieces[type.getBits() == 8 ? 2 : 1], row)));
  return all;
}

vec::Values FewCodes::minima(ValueRange pieces) const {
  vec::Values all;
  for (int64_t row = 0; row < 4; ++row)
    all.push_back(e.toF32(tile.at(pieces[2], row)));
  return all;
}

vec::Values FewCodes::smallScales(ValueRange pieces, int64_t side) const {
  vec::Values all;
  for (int64_t row = 0; row < 4; ++row)
    all.push_back(
        arith::ExtSIOp::create(e.b, e.loc, e.b.getI32Type(), tile.at(pieces[2 + side], row)));
  return all;
}

} // namespace phidias::cuda
