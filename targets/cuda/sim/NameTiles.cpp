// phi-cuda-name-tiles.

#include "dialects/phi/PhiDialect.h"
#include "targets/cuda/sim/Passes.h"

using namespace mlir;

namespace phidias {
#define GEN_PASS_DEF_CUDANAMETILESPASS
#include "targets/cuda/sim/Passes.h.inc"

namespace {

bool isTile(Operation *op) { return op->getName().getStringRef().starts_with("phi.tile_"); }

/// "tile_linear #3 of layer_0".
Location nameOf(Operation *op, int64_t number, StringRef function) {
  std::string name =
      (op->getName().stripDialect() + " #" + Twine(number) + " of " + function).str();
  return NameLoc::get(StringAttr::get(op->getContext(), name));
}

struct CudaNameTiles : impl::CudaNameTilesPassBase<CudaNameTiles> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      int64_t number = 0;
      function.walk([&](Operation *op) {
        if (isTile(op) && isa<UnknownLoc>(op->getLoc()))
          op->setLoc(nameOf(op, number, function.getName()));
        number += isTile(op);
      });
    }
  }
};

} // namespace
} // namespace phidias
