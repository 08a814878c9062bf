#include "targets/cuda/LinearManyCopied.h"
#include "targets/cuda/TensorCore.h"

using namespace mlir;

namespace phidias::cuda {

void CopiedOperands::enter() {
  enterTokens();
  enterPanels();
}

vec::Values CopiedOperands::begin() const {
  vec::Values from(records);
  llvm::append_range(from, starts);
  for (int64_t chunk = 0; chunk < t.stages() - 1; ++chunk)
    from = copyChunk({e.index(chunk), chunk}, 0, from);
  return from;
}

void CopiedOperands::arrive() const { waitCopies(e, t.stages() - 2); }

vec::Values CopiedOperands::advance(const ManyChunk &chunk, ValueRange carried) const {
  return copyChunk(chunk, t.stages() - 1, carried);
}

void CopiedOperands::enterTokens() {
  unit = e.rem(e.thread, kRowUnits);
  token = e.div(e.thread, kRowUnits);
  records.clear();
  for (int64_t i = 0; i < t.tokens() / kTokens; ++i)
    records.push_back(e.add(t.record(e.add(token, i * kTokens)), e.mul(unit, kUnitBytes)));
}

void CopiedOperands::enterPanels() {
  panelUnit = e.rem(e.thread, kPanelUnits);
  starts.clear();
  for (int64_t slot = 0; slot < t.kSlots; slot += kPanels) {
    Value start = t.panelStart(e.add(e.div(e.thread, kPanelUnits), slot));
    starts.push_back(e.opaqueWide(e.add(start, e.mul(panelUnit, kUnitBytes))));
  }
}

/// Copies the chunk that comes `later`. Beyond the last one none is under way, but the group is
/// counted.
vec::Values CopiedOperands::copyChunk(const ManyChunk &chunk, int64_t later,
                                      ValueRange from) const {
  e.when(e.less(e.add(chunk.number, later), e.index(t.chunks())), [&] {
    Value stage = t.stage(chunk, later);
    copyPanels(stage, from.drop_front(records.size()));
    copyValues(stage, from.take_front(records.size()));
  });
  commitCopies(e);
  vec::Values next;
  for (Value record : from.take_front(records.size()))
    next.push_back(e.add(record, kRowBytes));
  for (Value panel : from.drop_front(records.size()))
    next.push_back(e.add(panel, toNext(chunk, later)));
  return next;
}

/// A step of a panel is copied once more for each part of the values.
Value CopiedOperands::toNext(const ManyChunk &chunk, int64_t later) const {
  int64_t last = t.parts() - 1;
  if (last == 0)
    return e.index(t.step.bytes);
  if (chunk.stage)
    return e.index((*chunk.stage + later) % t.parts() == last ? t.step.bytes : 0);
  Value part = e.rem(e.add(chunk.number, later), t.parts());
  Value isLast = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq, part, e.index(last));
  return arith::SelectOp::create(e.b, e.loc, isLast, e.index(t.step.bytes), e.index(0));
}

void CopiedOperands::copyPanels(Value stage, ValueRange from) const {
  Value own = e.mul(placeOf(panelUnit), kUnitBytes);
  Value slot = e.mul(e.div(e.thread, kPanelUnits), kPanelBytes);
  Value to = e.add(stage, e.add(slot, own));
  for (auto [i, panel] : llvm::enumerate(from))
    copyAsync(e, t.op.getWeights(), panel, 0, to, i * kPanels * kPanelBytes);
}

void CopiedOperands::copyValues(Value stage, ValueRange from) const {
  Value own = e.mul(t.exclusiveOr(unit, e.rem(token, kRowUnits)), kUnitBytes);
  Value to = e.add(stage, e.add(e.mul(token, kRowBytes), own));
  for (auto [i, record] : llvm::enumerate(from))
    copyAsync(e, t.op.getActivations(), record, 0, to, t.panelsBytes() + i * kTokens * kRowBytes);
}

} // namespace phidias::cuda
