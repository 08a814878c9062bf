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

  void enter() override {
    enterTokens();
    enterPanels();
  }

  /// Carried: where the next copies are from, of each token and of each panel.
  vec::Values begin() const override {
    vec::Values from(records);
    llvm::append_range(from, starts);
    for (int64_t chunk = 0; chunk < t.stages() - 1; ++chunk)
      from = copyChunk({e.index(chunk), chunk}, 0, from);
    return from;
  }
  void arrive() const override { waitCopies(e, t.stages() - 2); }
  vec::Values advance(const ManyChunk &chunk, ValueRange carried) const override {
    return copyChunk(chunk, t.stages() - 1, carried);
  }

  vec::Values fragment(Value stage, int64_t slot, int64_t part) const override {
    Value line = e.rem(e.lane, 4), pair = e.div(e.lane, 4);
    Value unit = swizzled(e.add(e.mul(line, 4), e.div(pair, 2)), line);
    Value own = e.add(e.mul(unit, kUnitBytes), e.mul(e.rem(pair, 2), 8));
    Value two = t.shared(e.vector(2, e.b.getI32Type()), e.add(stage, own));
    vec::Values registers;
    for (int64_t later = 0; later < 2; ++later) {
      int64_t at = slot * kPanelBytes + (8 * part + 4 * later) * phi::kLineBytes;
      Value rows = e.loadOne(two, e.index(at / 8));
      for (int64_t row = 0; row < 2; ++row)
        registers.push_back(vector::ExtractOp::create(e.b, e.loc, rows, row));
    }
    return registers;
  }

private:
  static constexpr int64_t kPanelUnits = kPanelBytes / kUnitBytes;
  static constexpr int64_t kTokens = kBlockThreads / kRowUnits;   ///< of one copy
  static constexpr int64_t kPanels = kBlockThreads / kPanelUnits; ///< of one copy

  void enterTokens() {
    unit = e.rem(e.thread, kRowUnits);
    token = e.div(e.thread, kRowUnits);
    records.clear();
    for (int64_t i = 0; i < t.tokens() / kTokens; ++i)
      records.push_back(e.add(t.record(e.add(token, i * kTokens)), e.mul(unit, kUnitBytes)));
  }

  void enterPanels() {
    panelUnit = e.rem(e.thread, kPanelUnits);
    starts.clear();
    for (int64_t slot = 0; slot < t.kSlots; slot += kPanels) {
      Value start = t.panelStart(e.add(e.div(e.thread, kPanelUnits), slot));
      starts.push_back(e.opaqueWide(e.add(start, e.mul(panelUnit, kUnitBytes))));
    }
  }

  /// Copies the chunk that comes `later`. Beyond the last one none is under way, but the group is
  /// counted.
  vec::Values copyChunk(const ManyChunk &chunk, int64_t later, ValueRange from) const {
    e.when(e.less(e.add(chunk.number, later), e.index(t.steps)), [&] {
      Value stage = t.stage(chunk, later);
      copyPanels(stage, from.drop_front(records.size()));
      copyValues(stage, from.take_front(records.size()));
    });
    commitCopies(e);
    vec::Values next;
    for (Value record : from.take_front(records.size()))
      next.push_back(e.add(record, 2 * phi::kStepColumns));
    for (Value panel : from.drop_front(records.size()))
      next.push_back(e.add(panel, t.step.bytes));
    return next;
  }

  void copyPanels(Value stage, ValueRange from) const {
    Value own = e.mul(swizzled(panelUnit, e.div(panelUnit, 4)), kUnitBytes);
    Value slot = e.mul(e.div(e.thread, kPanelUnits), kPanelBytes);
    Value to = e.add(stage, e.add(slot, own));
    for (auto [i, panel] : llvm::enumerate(from))
      copyAsync(e, t.op.getWeights(), panel, 0, to, i * kPanels * kPanelBytes);
  }

  void copyValues(Value stage, ValueRange from) const {
    Value own = e.mul(t.exclusiveOr(unit, e.rem(token, kRowUnits)), kUnitBytes);
    Value to = e.add(stage, e.add(e.mul(token, kRowBytes), own));
    for (auto [i, record] : llvm::enumerate(from))
      copyAsync(e, t.op.getActivations(), record, 0, to, t.panelsBytes() + i * kTokens * kRowBytes);
  }

  Value swizzled(Value unit, Value line) const {
    return t.exclusiveOr(unit, e.mul(e.rem(e.div(line, 2), 2), 6));
  }

  Value unit, token, panelUnit;
  vec::Values records, starts; ///< of what this thread copies of the tokens, and of the panels
};

} // namespace

std::unique_ptr<ManyOperands> bf16Operands(const ManyTile &tile) {
  return std::make_unique<Bf16Operands>(tile);
}

} // namespace phidias::cuda
