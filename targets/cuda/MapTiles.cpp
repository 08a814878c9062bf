// phi-cuda-map-tiles: every tile op.

#include "targets/cuda/MapTiles.h"
#include "phidias/Lower/Loops.h"
#include "targets/cuda/Passes.h"
#include "targets/cuda/SharedMemory.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace phidias {
#define GEN_PASS_DEF_CUDAMAPTILESPASS
#include "targets/cuda/Passes.h.inc"

namespace {

struct CudaMapTiles : impl::CudaMapTilesPassBase<CudaMapTiles> {
  void runOnOperation() override {
    getOperation()->walk([&](Operation *op) {
      llvm::TypeSwitch<Operation *>(op)
          .Case<phi::TileEmbedOp, phi::TilePrepareOp, phi::TileLinearOp, phi::TileAppendOp,
                phi::TileAttentionOp, phi::TileCombineOp>([](auto tile) { cuda::mapTile(tile); })
          .Case([](scf::ForOp loop) {
            if (loop->hasAttr(lower::kShare))
              cuda::mapRows(loop);
          });
    });
    if (failed(cuda::noteSharedBytes(getOperation())))
      signalPassFailure();
  }
};

} // namespace
} // namespace phidias
