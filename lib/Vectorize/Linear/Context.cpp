#include "Context.h"

using namespace mlir;

namespace phidias::vec {

/// The activations as words of `type`; how many is of no consequence.
static Value wordsOf(const Emitter &e, Value bytes, Type type) {
  auto memref = MemRefType::get({ShapedType::kDynamic}, type);
  Value many = e.index(std::numeric_limits<int32_t>::max());
  return e.view(bytes, e.index(0), memref, many);
}

LinearContext::LinearContext(OpBuilder &b, phi::TileLinearOp op, const VectorTarget &target)
    : e{b, op.getLoc()}, target(target), op(op), schedule(op.getSchedule()),
      element(op.getElement()), step(phi::stepLayout(element)),
      acts(phi::activationLayout(element, op.getActivation(), op.getColumns(), target.matrix)),
      block(phi::blockIn(acts, schedule.getChunk())),
      steps(llvm::divideCeil(op.getColumns(), phi::kStepColumns)),
      words(wordsOf(e, op.getActivations(), b.getI32Type())),
      floats(wordsOf(e, op.getActivations(), b.getF32Type())) {}

Value LinearContext::panelStart(Value panel) const {
  return e.add(op.getOffset(), e.mul(panel, panelBytes()));
}

Value LinearContext::record(Value first, int64_t token) const {
  int64_t start = acts.pairs ? token / 2 * 2 : token;
  return e.mul(e.add(first, start), acts.bytes / 4);
}

Value LinearContext::line(Value start, int64_t at) const {
  return e.load(phi::kLineBytes, op.getWeights(), e.add(start, at));
}

Value LinearContext::halves(Value start, int64_t at) const {
  Value bytes = e.load(2 * kLanes, op.getWeights(), e.add(start, at));
  Value lanes = vector::BitCastOp::create(e.b, e.loc, e.vector(kLanes, e.b.getF16Type()), bytes);
  return e.toF32(lanes);
}

Value LinearContext::broadcastWord(Value record, Value at) const {
  return e.splat(kLanes, e.loadOne(words, e.add(record, at)));
}

Value LinearContext::broadcastFloat(Value record, Value at) const {
  return e.splat(kLanes, e.loadOne(floats, e.add(record, at)));
}

} // namespace phidias::vec
