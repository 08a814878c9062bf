#pragma once
/// Weights and activations that are multiplied as they are: both are copied to shared memory, units
/// of 16 bytes at a time.

#include "targets/cuda/LinearManyTile.h"

namespace phidias::cuda {

class CopiedOperands : public ManyOperands {
public:
  using ManyOperands::ManyOperands;

  void enter() override;
  /// Carried: where the next copies are from, of each token and of each panel.
  vec::Values begin() const override;
  void arrive() const override;
  vec::Values advance(const ManyChunk &chunk, mlir::ValueRange carried) const override;

protected:
  /// Where in a panel of a stage unit `unit` of its step lies, in units: so that what a warp loads
  /// at once lies in different banks.
  virtual mlir::Value placeOf(mlir::Value unit) const = 0;

private:
  static constexpr int64_t kPanelUnits = kPanelBytes / kUnitBytes;
  static constexpr int64_t kTokens = kBlockThreads / kRowUnits;   ///< of one copy
  static constexpr int64_t kPanels = kBlockThreads / kPanelUnits; ///< of one copy

  void enterTokens();
  void enterPanels();
  vec::Values copyChunk(const ManyChunk &chunk, int64_t later, mlir::ValueRange from) const;
  mlir::Value toNext(const ManyChunk &chunk, int64_t later) const;
  void copyPanels(mlir::Value stage, mlir::ValueRange from) const;
  void copyValues(mlir::Value stage, mlir::ValueRange from) const;

  mlir::Value unit, token, panelUnit;
  vec::Values records, starts; ///< of what this thread copies of the tokens, and of the panels
};

} // namespace phidias::cuda
