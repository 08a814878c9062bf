#include "targets/cuda/LinearMany.h"
#include "targets/cuda/MapTiles.h"

using namespace mlir;

namespace phidias::cuda {

void mapTile(phi::TileLinearOp op) {
  OpBuilder b(op);
  mapManyTokens(op, b);
  op.erase();
}

} // namespace phidias::cuda
