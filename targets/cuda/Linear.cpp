// phi.tile_linear: one kernel for each number of tokens that a pass may have.

#include "targets/cuda/LinearFew.h"
#include "targets/cuda/LinearFunction.h"
#include "targets/cuda/LinearMany.h"
#include "targets/cuda/MapTiles.h"

using namespace mlir;

namespace phidias::cuda {

/// if count <= tokens: the kernel for `tokens`, else those for more.
static void choose(const vec::Emitter &e, phi::TileLinearOp op, const Capability &capability,
                   int64_t tokens) {
  if (tokens > kMostOfFew)
    return mapManyTokens(op, e.b, capability);
  Value fits =
      arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::ule, op.getCount(), e.index(tokens));
  e.either(
      fits,
      [&] {
        inFunction(e, op, tokens, [&](phi::TileLinearOp own, OpBuilder &b) {
          mapFewTokens(own, b, vec::Emitter{b, e.loc}.index(0), tokens, capability);
        });
      },
      [&] { choose(e, op, capability, 2 * tokens); });
}

void mapTile(phi::TileLinearOp op, const Capability &capability) {
  OpBuilder b(op);
  choose(vec::Emitter{b, op.getLoc()}, op, capability, 1);
  op.erase();
}

} // namespace phidias::cuda
