// phi-cuda-map-tiles: every tile op.

#include "targets/cuda/MapTiles.h"
#include "phidias/Lower/Loops.h"
#include "targets/cuda/Passes.h"
#include "targets/cuda/Records.h"
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
    ModuleOp module = getOperation();
    bool differs = portable && multipliesOtherwise(module, capability);
    OwningOpRef<ModuleOp> other = differs ? module.clone() : ModuleOp();
    if (failed(map(module, capability)) || (other && failed(map(*other, portable))))
      return signalPassFailure();
    if (!other)
      return;
    other->setSymName(cuda::kPortable);
    module.push_back(other.release());
  }

private:
  /// Whether code for the capability is other than for the oldest.
  static bool multipliesOtherwise(ModuleOp module, int64_t number) {
    const cuda::Capability *capability = cuda::findCapability(std::to_string(number));
    auto isOther = [&](phi::TileLinearOp op) {
      bool other = capability && cuda::byWgmma(op.getElement(), op.getActivation(), *capability);
      return other ? WalkResult::interrupt() : WalkResult::advance();
    };
    return module.walk(isOther).wasInterrupted();
  }

  static LogicalResult map(ModuleOp module, int64_t number) {
    const cuda::Capability *capability = cuda::findCapability(std::to_string(number));
    if (!capability)
      return module.emitError("unknown capability: ") << number;
    module.walk([&](Operation *op) {
      llvm::TypeSwitch<Operation *>(op)
          .Case<phi::TilePrepareOp, phi::TileLinearOp>(
              [&](auto tile) { cuda::mapTile(tile, *capability); })
          .Case<phi::TileEmbedOp, phi::TileAppendOp, phi::TileAttentionOp, phi::TileCombineOp,
                phi::TileChooseOp>([](auto tile) { cuda::mapTile(tile); })
          .Case([](scf::ForOp loop) {
            if (loop->hasAttr(lower::kShare))
              cuda::mapRows(loop);
          });
    });
    return cuda::noteSharedBytes(module);
  }
};

} // namespace
} // namespace phidias
