#include "targets/cuda/Records.h"
#include "dialects/phi/PhiDialect.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kQuads = kTileColumns / 4;

bool byWgmma(Type weight, Type activation, const Capability &capability) {
  bool is16 = activation.isBF16() || weight.isF16();
  return capability.wgmma && (is16 || isa<phi::QuantizedType>(weight));
}

bool liesInTiles(Type activation, const Capability &capability) {
  return capability.wgmma && activation.isBF16();
}

Value tiledQuad(const vec::Emitter &e, int64_t recordBytes, Value token, Value quad) {
  Value inChunk = e.rem(quad, kQuads);
  Value number = e.add(e.mul(e.rem(inChunk, kQuads / 2), 2), e.div(inChunk, kQuads / 2));
  Value byte = e.add(e.mul(e.div(quad, kQuads), kTileRowBytes), e.mul(number, 8));
  return tiledByte(e, recordBytes, token, byte);
}

Value tiledByte(const vec::Emitter &e, int64_t recordBytes, Value token, Value byte) {
  Value inRow = e.rem(byte, kTileRowBytes), row = e.rem(token, kTileTokens);
  Value unit = e.b.createOrFold<arith::XOrIOp>(e.loc, e.div(inRow, 16), row);
  Value tile = e.add(e.mul(e.div(token, kTileTokens), kTileTokens * recordBytes),
                     e.mul(e.div(byte, kTileRowBytes), kTileBytes));
  Value inTile = e.add(e.mul(row, kTileRowBytes), e.mul(unit, 16));
  return e.add(e.add(tile, inTile), e.rem(inRow, 16));
}

Value tiledFactor(const vec::Emitter &e, const phi::ActivationLayout &acts, Value token) {
  Value tile = e.mul(e.div(token, kTileTokens), kTileTokens * acts.bytes);
  Value own = e.mul(e.rem(token, kTileTokens), sizeof(float));
  return e.add(e.add(tile, own), kTileTokens * acts.factor);
}

} // namespace phidias::cuda
