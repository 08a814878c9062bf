#pragma once
/// Rows that the checkpoint holds quantised, carried over without loss.

#include "PanelRow.h"
#include "phidias/Import/Checkpoint.h"

namespace phidias {

/// Places `columns` (a multiple of the block) of a Q4_0, Q4_1, Q8_0 or Q6_K row.
void carryRow(ElementType type, const uint8_t *blocks, int64_t columns, const PanelRow &row);

} // namespace phidias
