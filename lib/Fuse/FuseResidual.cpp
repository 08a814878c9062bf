// linear → add to the residual: the o-projection and the MLP's last matrix.

#include "Outline.h"
#include "phidias/Fuse/Passes.h"

using namespace mlir;
using namespace phidias;
using namespace phidias::fuse;

namespace phidias {
#define GEN_PASS_DEF_FUSERESIDUALPASS
#include "phidias/Fuse/Passes.h.inc"
} // namespace phidias

namespace {

struct FuseResidual : phidias::impl::FuseResidualPassBase<FuseResidual> {
  void runOnOperation() override {
    for (auto add : unfused<phi::AddOp>(getOperation()))
      fuse(add);
  }

  static void fuse(phi::AddOp add) {
    bool second = static_cast<bool>(add.getRhs().getDefiningOp<phi::LinearOp>());
    Value added = second ? add.getRhs() : add.getLhs();
    if (auto linear = soleProducer<phi::LinearOp>(added, add))
      outline(stageName(linear), {linear, add});
  }

  /// "o" of @o and of a second body's @o_1.
  static StringRef stageName(phi::LinearOp linear) {
    return linear.getWeight().rsplit('_').second.find_first_not_of("0123456789") == StringRef::npos
               ? linear.getWeight().rsplit('_').first
               : linear.getWeight();
  }
};

} // namespace
