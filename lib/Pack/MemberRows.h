#pragma once
/// The rows of one member of a weight, as the checkpoint holds them.

#include "PanelRow.h"
#include "dialects/phi/PhiDialect.h"
#include "phidias/Import/Checkpoint.h"

namespace phidias {

/// One part: where its bytes are and how they are stored.
struct RowSource {
  const uint8_t *bytes; ///< of the part's first row
  ElementType from;
  mlir::Type stored; ///< the element type that holds `from` without loss
  int64_t rows, columns, permutedHeads;

  int64_t rowBytes() const;
  /// Bytes of row `row` of the part, in the weight's order of rows (phi.weight, #phi.part).
  const uint8_t *row(int64_t row) const;
};

/// The parts of a member, stacked.
class MemberRows {
public:
  MemberRows(phi::WeightOp weight, int64_t member, const Checkpoint &checkpoint);

  int64_t rows() const { return type.getDimSize(0); }
  int64_t columns() const { return type.getDimSize(1); }
  mlir::Type element() const { return type.getElementType(); }

  /// Stored bytes of row `row`, and how they are stored.
  const uint8_t *bytes(int64_t row) const;
  mlir::Type stored(int64_t row) const { return find(row).stored; }
  /// Places row `row`, stored quantised, in a panel of its own type.
  void carry(int64_t row, const PanelRow &target) const;
  /// Row `row` as f32.
  void decode(int64_t row, float *target) const;

private:
  const RowSource &find(int64_t &row) const;
  const RowSource &find(int64_t &&row) const { return find(row); }

  mlir::RankedTensorType type;
  llvm::SmallVector<RowSource> sources;
};

} // namespace phidias
