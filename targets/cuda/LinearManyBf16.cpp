// bf16 weights and activations: copied as they are.
//
//     panel of a stage   lines of 64 bytes (columns 2l and 2l + 1 of 16 rows), four units each;
//     unit
//                        4l + q lies at that ^ 6 * (l / 2 % 2)

#include "targets/cuda/LinearManyTile.h"
#include "targets/cuda/TensorCore.h"

using namespace mlir;

namespace phidias::cuda {
namespace {

class Bf16Operands : public ManyOperands {
public:
  using ManyOperands::ManyOperands;

  void enterTokens() override {
    unit = e.rem(e.thread, kRowUnits);
    token = e.div(e.thread, kRowUnits);
    record = e.add(t.record(token), e.mul(unit, kUnitBytes));
  }

  void enterPanels() override {
    panelUnit = e.rem(e.thread, kPanelUnits);
    starts.clear();
    for (int64_t slot = 0; slot < t.slots; slot += kPanels) {
      Value start = t.panelStart(e.add(e.div(e.thread, kPanelUnits), slot));
      starts.push_back(e.add(start, e.mul(panelUnit, kUnitBytes)));
    }
  }

  vec::Values begin() const override {
    for (int64_t chunk = 0; chunk < t.stages() - 1; ++chunk)
      copyChunk(e.index(chunk));
    return {};
  }
  void arrive() const override { waitCopies(e, t.stages() - 2); }
  vec::Values advance(Value chunk, ValueRange) const override {
    copyChunk(e.add(chunk, t.stages() - 1));
    return {};
  }

  vec::Values fragment(Value stage, int64_t slot, int64_t part) const override {
    Value line = e.rem(e.lane, 4), row = e.div(e.lane, 4);
    Value unit = swizzled(e.add(e.mul(line, 4), e.div(row, 4)), line);
    vec::Values registers;
    for (int64_t later = 0; later < 2; ++later)
      for (int64_t below = 0; below < 2; ++below) {
        Value own = e.mul(t.exclusiveOr(unit, e.index(2 * below)), kUnitBytes);
        Value start = e.add(stage, e.add(own, e.mul(e.rem(row, 4), 4)));
        int64_t at = slot * kPanelBytes + (8 * part + 4 * later) * phi::kLineBytes;
        registers.push_back(e.loadOne(t.shared(e.b.getI32Type(), start), e.index(at / 4)));
      }
    return registers;
  }

private:
  static constexpr int64_t kPanelUnits = kPanelBytes / kUnitBytes;
  static constexpr int64_t kTokens = kBlockThreads / kRowUnits;   ///< of one copy
  static constexpr int64_t kPanels = kBlockThreads / kPanelUnits; ///< of one copy

  /// Beyond the last one none is under way, but the group is counted.
  void copyChunk(Value chunk) const {
    e.when(e.less(chunk, e.index(t.steps)), [&] {
      copyPanels(chunk);
      copyValues(chunk);
    });
    commitCopies(e);
  }

  void copyPanels(Value chunk) const {
    Value own = e.mul(swizzled(panelUnit, e.div(panelUnit, 4)), kUnitBytes);
    Value slot = e.mul(e.div(e.thread, kPanelUnits), kPanelBytes);
    Value to = e.add(t.stage(chunk), e.add(slot, own)), from = e.mul(chunk, t.step.bytes);
    for (auto [i, start] : llvm::enumerate(starts))
      copyAsync(e, t.op.getWeights(), e.add(start, from), 0, to, i * kPanels * kPanelBytes);
  }

  void copyValues(Value chunk) const {
    Value own = e.mul(t.exclusiveOr(unit, e.rem(token, kRowUnits)), kUnitBytes);
    Value to = e.add(t.stage(chunk), e.add(e.mul(token, kRowBytes), own));
    Value from = e.add(record, e.mul(chunk, 2 * phi::kStepColumns));
    for (int64_t i = 0; i < t.tokens() / kTokens; ++i)
      copyAsync(e, t.op.getActivations(), from, i * kTokens * t.acts.bytes, to,
                t.panelsBytes() + i * kTokens * kRowBytes);
  }

  Value swizzled(Value unit, Value line) const {
    return t.exclusiveOr(unit, e.mul(e.rem(e.div(line, 2), 2), 6));
  }

  Value unit, token, record, panelUnit;
  vec::Values starts; ///< of what this thread copies of the panels
};

} // namespace

std::unique_ptr<ManyOperands> bf16Operands(const ManyTile &tile) {
  return std::make_unique<Bf16Operands>(tile);
}

} // namespace phidias::cuda
