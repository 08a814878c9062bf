// phi-distribute: scf.forall over pieces → a loop of the thread that calls over the pieces that are
// its own, its first one and those that it claims; then the barrier.

#include "phidias/Lower/Environment.h"
#include "phidias/Tile/Passes.h"

using namespace mlir;
using namespace phidias;

namespace phidias {
#define GEN_PASS_DEF_DISTRIBUTEPASS
#include "phidias/Tile/Passes.h.inc"
} // namespace phidias

namespace {

/// while (piece < pieces) body(piece), from the thread's own first piece on.
void distribute(scf::ForallOp forall) {
  auto function = forall->getParentOfType<func::FuncOp>();
  auto env = lower::Environment::from(function.getArguments());
  IRRewriter rewriter(forall);
  Location loc = forall.getLoc();
  Value pieces = forall.getUpperBound(rewriter).front();
  auto isLeft = [&](OpBuilder &b, Location, ValueRange piece) {
    Value left = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, piece[0], pieces);
    scf::ConditionOp::create(b, loc, left, piece);
  };
  auto claimNext = [&](OpBuilder &b, Location, ValueRange) {
    auto claim = func::CallOp::create(b, loc, "phirt_claim", b.getIndexType(), env.claims);
    scf::YieldOp::create(b, loc, claim.getResults());
  };
  auto loop =
      scf::WhileOp::create(rewriter, loc, rewriter.getIndexType(), env.thread, isLeft, claimNext);
  func::CallOp::create(rewriter, loc, "phirt_barrier", TypeRange(), env.barrier);
  rewriter.eraseOp(forall.getTerminator());
  Block *body = loop.getAfterBody();
  rewriter.inlineBlockBefore(forall.getBody(), body, body->begin(), body->getArguments());
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
