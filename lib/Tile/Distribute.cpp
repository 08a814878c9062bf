// phi-distribute: scf.forall over the team → its body, for the thread that calls; then the barrier.

#include "phidias/Lower/Environment.h"
#include "phidias/Tile/Passes.h"

using namespace mlir;
using namespace phidias;

namespace phidias {
#define GEN_PASS_DEF_DISTRIBUTEPASS
#include "phidias/Tile/Passes.h.inc"
} // namespace phidias

namespace {

void distribute(scf::ForallOp forall) {
  auto function = forall->getParentOfType<func::FuncOp>();
  auto env = lower::Environment::from(function.getArguments());
  IRRewriter rewriter(forall);
  rewriter.eraseOp(forall.getTerminator());
  rewriter.inlineBlockBefore(forall.getBody(), forall, env.thread);
  func::CallOp::create(rewriter, forall.getLoc(), "phirt_barrier", TypeRange(), env.barrier);
  rewriter.eraseOp(forall);
}

struct Distribute : phidias::impl::DistributePassBase<Distribute> {
  void runOnOperation() override {
    SmallVector<scf::ForallOp> regions;
    getOperation().walk([&](scf::ForallOp forall) { regions.push_back(forall); });
    for (scf::ForallOp forall : regions)
      distribute(forall);
  }
};

} // namespace
