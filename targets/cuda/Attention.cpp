// phi.tile_attention.

#include "targets/cuda/AttentionFew.h"
#include "targets/cuda/MapTiles.h"

using namespace mlir;

namespace phidias::cuda {

void mapTile(phi::TileAttentionOp op) {
  OpBuilder builder(op);
  Block block(builder, op.getLoc());
  attendFew(Attend(block, op));
  op.erase();
}

} // namespace phidias::cuda
