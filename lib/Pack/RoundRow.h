#pragma once
/// Rows that are rounded to a quantised type on their way into the weights file.

#include "MemberRows.h"
#include "PanelRow.h"
#include "phidias/Quantize/Rounding.h"

namespace phidias {

/// The rounding that Phidias itself has for `type`: int8 and codebooks; null for others.
std::unique_ptr<Rounding> roundingFor(phi::QuantizedType type);

/// Codes of one row, and room for them.
class RoundedRow {
public:
  RoundedRow(phi::QuantizedType type, const Rounding &rounding) : type(type), rounding(rounding) {}

  /// Rounds row `row` of `rows`; false where it holds what the type cannot: no finite number, or
  /// one too large for its scale.
  bool round(const MemberRows &rows, int64_t row);
  /// Places the codes in a panel.
  void place(const PanelRow &row) const;
  /// The weights that the codes stand for.
  void decode(float *target, int64_t columns);

private:
  float valueOf(uint8_t code) const;

  phi::QuantizedType type;
  const Rounding &rounding;
  std::vector<float> weights; ///< padded with zeros to a step
  std::vector<uint8_t> codes;
  std::vector<uint16_t> scales;
};

} // namespace phidias
