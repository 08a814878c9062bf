// Each thread looks its pieces of the tokens up.

#include "Stage.h"

using namespace mlir;

namespace phidias::tile {

LogicalResult tileEmbed(phi::StageOp stage, const lower::Lowering &l, Plan &) {
  auto op = find<phi::EmbedOp>(stage);
  Location loc = op.getLoc();
  Value result = l.lowered[stage.getResult(0)] = l.place(stage);
  auto weight = l.symbols.lookup<phi::WeightOp>(op.getWeight());
  Value offset = weightOffset(l, loc, op.getWeight(), {});
  parallel(l, loc, l.env.count, {}, [&](OpBuilder &b, Share share) {
    phi::TileEmbedOp::create(b, loc, l.env.tokens, l.env.weights, offset, result, share.from,
                             share.to, TypeAttr::get(weight.getTensorType()));
  });
  return success();
}

} // namespace phidias::tile
