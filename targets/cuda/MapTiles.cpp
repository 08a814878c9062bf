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
  using CudaMapTilesPassBase::CudaMapTilesPassBase;

  void runOnOperation() override {
    const cuda::Capability *known = cuda::findCapability(std::to_string(capability));
    if (!known) {
      getOperation()->emitError("unknown capability: ") << capability.getValue();
      return signalPassFailure();
    }
    getOperation()->walk([&](Operation *op) {
      llvm::TypeSwitch<Operation *>(op)
          .Case<phi::TilePrepareOp, phi::TileLinearOp>(
              [&](auto tile) { cuda::mapTile(tile, *known); })
          .Case<phi::TileEmbedOp, phi::TileAppendOp, phi::TileAttentionOp, phi::TileCombineOp>(
              [](auto tile) { cuda::mapTile(tile); })
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
