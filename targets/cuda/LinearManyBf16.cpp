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
    valueUnit = e.rem(e.thread, kRowUnits);
    firstToken = e.div(e.thread, kRowUnits);
    records.clear();
    for (int64_t token = 0; token < t.tokens(); token += kTokens)
      records.push_back(t.record(e.add(firstToken, token)));
  }

  void enterPanels() override {
    panelUnit = e.rem(e.thread, kPanelUnits);
    starts.clear();
    for (int64_t slot = 0; slot < ManyTile::kSlots; slot += kPanels)
      starts.push_back(t.panelStart(e.add(e.div(e.thread, kPanelUnits), slot)));
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
    Value words = t.sharedAs(e.b.getI32Type());
    Value line = e.rem(e.lane, 4), row = e.div(e.lane, 4);
    Value unit = swizzled(e.add(e.mul(line, 4), e.div(row, 4)), line);
    vec::Values registers;
    for (int64_t later = 0; later < 2; ++later)
      for (int64_t below = 0; below < 2; ++below) {
        Value own = t.exclusiveOr(unit, e.index(2 * below));
        Value at = e.add(e.add(stage, own), slot * kPanelUnits + (8 * part + 4 * later) * 4);
        registers.push_back(e.loadOne(words, e.add(e.mul(at, 4), e.rem(row, 4))));
      }
    return registers;
  }

private:
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
    Value unit = swizzled(panelUnit, e.div(panelUnit, 4));
    Value slot = e.div(e.thread, kPanelUnits);
    Value to = e.add(e.add(stage(chunk), e.mul(slot, kPanelUnits)), unit);
    Value at = e.add(e.mul(chunk, t.step.bytes), e.mul(panelUnit, kUnitBytes));
    for (auto [i, start] : llvm::enumerate(starts))
      copyAsync(e, t.op.getWeights(), e.add(start, at),
                e.mul(e.add(to, i * kPanels * kPanelUnits), kUnitBytes));
  }

  void copyValues(Value chunk) const {
    Value unit = t.exclusiveOr(valueUnit, e.rem(firstToken, kRowUnits));
    Value to =
        e.add(e.add(stage(chunk), t.panelUnits()), e.add(e.mul(firstToken, kRowUnits), unit));
    Value at = e.add(e.mul(chunk, 2 * phi::kStepColumns), e.mul(valueUnit, kUnitBytes));
    for (auto [i, record] : llvm::enumerate(records))
      copyAsync(e, t.op.getActivations(), e.add(record, at),
                e.mul(e.add(to, i * kTokens * kRowUnits), kUnitBytes));
  }

  Value swizzled(Value unit, Value line) const {
    return t.exclusiveOr(unit, e.mul(e.rem(e.div(line, 2), 2), 6));
  }

  Value valueUnit, firstToken, panelUnit;
  vec::Values records, starts;
};

} // namespace

std::unique_ptr<ManyOperands> bf16Operands(const ManyTile &tile) {
  return std::make_unique<Bf16Operands>(tile);
}

} // namespace phidias::cuda
