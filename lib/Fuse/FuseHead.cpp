// The last norm → logits.

#include "Outline.h"
#include "phidias/Fuse/Passes.h"

using namespace mlir;
using namespace phidias;
using namespace phidias::fuse;

namespace phidias {
#define GEN_PASS_DEF_FUSEHEADPASS
#include "phidias/Fuse/Passes.h.inc"
} // namespace phidias

namespace {

struct FuseHead : phidias::impl::FuseHeadPassBase<FuseHead> {
  void runOnOperation() override {
    for (auto logits : unfused<phi::LogitsOp>(getOperation()))
      if (auto norm = soleProducer<phi::RmsNormOp>(logits.getInput(), logits))
        outline("head", {norm, logits});
  }
};

} // namespace
