#include "targets/cuda/LinearFewStage.h"
#include "targets/cuda/Records.h"

using namespace mlir;

namespace phidias::cuda {

void FewRecords::beginStage(int64_t from) {
  start = from;
  Value global = addressOf(e, tile.op.getActivations());
  Value shared = addressOf(e, e.shared(start, stagedBytes(), e.b.getI8Type()));
  if (tile.tiled)
    return copyTiles(global, shared);
  for (int64_t token = 0; token < tile.tokens; ++token) {
    Value record = e.add(global, tile.record(e.index(token)));
    e.eachThread(e.index(0), e.index(bytes() / kPieceBytes), [&](Value i) {
      Value at = e.mul(i, kPieceBytes);
      copyBytes(e, e.add(record, at), e.add(e.add(shared, at), token * apart()), kPieceBytes);
    });
  }
  commitGroup(e);
}

void FewRecords::copyTiles(Value global, Value shared) const {
  constexpr int64_t kQuadBytes = 8;
  for (int64_t token = 0; token < tile.tokens; ++token) {
    Value own = tile.clamped(e.index(token));
    e.eachThread(e.index(0), e.index(tile.acts.bytes / kQuadBytes), [&](Value quad) {
      copyBytes(e, e.add(global, tiledQuad(e, tile.acts.bytes, own, quad)),
                e.add(e.add(shared, e.mul(quad, kQuadBytes)), token * apart()), kQuadBytes);
    });
  }
  commitGroup(e);
}

void FewRecords::endStage(int64_t groups) const { waitForGroups(e, groups); }

Value FewRecords::load(Type type, Value token, Value word) const {
  if (start < 0 && tile.tiled) {
    Value quad = tiledQuad(e, tile.acts.bytes, tile.clamped(token), e.div(word, 2));
    return tile.loadActivation(type, e.add(quad, e.mul(e.rem(word, 2), 4)));
  }
  if (start < 0)
    return tile.loadActivation(type, e.add(tile.record(token), e.mul(word, 4)));
  Value words = e.shared(start, stagedBytes() / 4, type);
  return e.loadOne(words, e.add(e.mul(token, apart() / 4), word));
}

} // namespace phidias::cuda
