// norm → qkv → rope → cache append.

#include "Outline.h"
#include "phidias/Fuse/Passes.h"

using namespace mlir;
using namespace phidias;
using namespace phidias::fuse;

namespace phidias {
#define GEN_PASS_DEF_FUSEQKVPASS
#include "phidias/Fuse/Passes.h.inc"
} // namespace phidias

namespace {

struct FuseQkv : phidias::impl::FuseQkvPassBase<FuseQkv> {
  void runOnOperation() override {
    for (auto append : unfused<phi::CacheAppendOp>(getOperation()))
      fuse(append);
  }

  static void fuse(phi::CacheAppendOp append) {
    auto rope = append.getQkv().getDefiningOp<phi::RopeOp>();
    if (!rope) {
      append->emitRemark("not fused: its rows are not made by phi.rope");
      return;
    }
    auto linear = soleProducer<phi::LinearOp>(rope.getInput(), append);
    auto norm = linear ? soleProducer<phi::RmsNormOp>(linear.getInput(), append) : nullptr;
    if (norm)
      outline("qkv", {norm, linear, rope, append});
  }
};

} // namespace
