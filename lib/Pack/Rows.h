#pragma once
/// Rows of a weight as the weights file holds them.

#include "dialects/phi/PhiDialect.h"
#include "phidias/Import/Checkpoint.h"

namespace phidias {

/// One part of one member of a weight: where its bytes are and what they become.
struct RowSource {
  const uint8_t *bytes; ///< of the part's first row
  ElementType from;
  mlir::Type to; ///< f32, f16 or bf16
  int64_t rows, columns, permutedHeads;

  int64_t rowBytesFrom() const;
  int64_t rowBytesTo() const;
  /// Which row of the file is row `row` of the weight (phi.weight, #phi.part).
  int64_t fileRow(int64_t row) const;
  /// Nothing to convert or reorder: bytes can be taken as they are.
  bool isCopy() const;
  /// Writes row `row` to `target`.
  void convertRow(int64_t row, uint8_t *target, std::vector<float> &scratch) const;
};

std::optional<ElementType> elementTypeOf(llvm::StringRef name);

} // namespace phidias
