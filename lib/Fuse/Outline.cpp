#include "Outline.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;

namespace phidias::fuse {
namespace {

bool readEarly(Operation *op, Operation *last, const llvm::SmallPtrSetImpl<Operation *> &members) {
  return llvm::any_of(op->getUsers(), [&](Operation *user) {
    Operation *here = last->getBlock()->findAncestorOpInBlock(*user);
    return here && !members.contains(here) && here->isBeforeInBlock(last);
  });
}

SmallVector<Value> readOutside(ArrayRef<Operation *> chain,
                               const llvm::SmallPtrSetImpl<Operation *> &members) {
  SmallVector<Value> values;
  for (Operation *op : chain)
    for (Value result : op->getResults())
      if (llvm::any_of(result.getUsers(), [&](Operation *user) { return !members.contains(user); }))
        values.push_back(result);
  return values;
}

} // namespace

phi::StageOp outline(StringRef name, ArrayRef<Operation *> chain) {
  llvm::SmallPtrSet<Operation *, 8> members(chain.begin(), chain.end());
  Operation *last = chain.back();
  for (Operation *op : chain)
    if (op->getBlock() != last->getBlock() || readEarly(op, last, members)) {
      last->emitRemark("not fused: ") << op->getName() << " is read before the end of the stage";
      return {};
    }
  SmallVector<Value> values = readOutside(chain, members);
  OpBuilder b(last);
  auto stage = phi::StageOp::create(b, last->getLoc(), TypeRange(ValueRange(values)), name,
                                    phi::ScheduleAttr());
  Block *body = b.createBlock(&stage.getBody());
  for (Operation *op : chain)
    op->moveBefore(body, body->end());
  for (auto [value, result] : llvm::zip_equal(values, stage.getResults()))
    value.replaceUsesWithIf(result,
                            [&](OpOperand &use) { return !stage->isAncestor(use.getOwner()); });
  b.setInsertionPointToEnd(body);
  phi::StageYieldOp::create(b, last->getLoc(), values);
  return stage;
}

} // namespace phidias::fuse
