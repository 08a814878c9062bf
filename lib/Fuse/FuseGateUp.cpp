// norm → gate/up → SiLU · mul.

#include "Outline.h"
#include "dialects/phi/Panel.h"
#include "phidias/Fuse/Passes.h"

using namespace mlir;
using namespace phidias;
using namespace phidias::fuse;

namespace phidias {
#define GEN_PASS_DEF_FUSEGATEUPPASS
#include "phidias/Fuse/Passes.h.inc"
} // namespace phidias

namespace {

struct FuseGateUp : phidias::impl::FuseGateUpPassBase<FuseGateUp> {
  void runOnOperation() override {
    for (auto gated : unfused<phi::SwiGluOp>(getOperation()))
      fuse(gated);
  }

  static void fuse(phi::SwiGluOp gated) {
    int64_t rows = cast<RankedTensorType>(gated.getType()).getDimSize(1);
    if (rows % phi::kPanelRows != 0) {
      gated->emitRemark("not fused: ")
          << rows << " rows of the gate do not divide by " << phi::kPanelRows;
      return;
    }
    auto linear = soleProducer<phi::LinearOp>(gated.getInput(), gated);
    auto norm = linear ? soleProducer<phi::RmsNormOp>(linear.getInput(), gated) : nullptr;
    if (norm)
      outline("gate_up", {norm, linear, gated});
  }
};

} // namespace
