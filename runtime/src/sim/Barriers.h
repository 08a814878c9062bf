#pragma once
/// Barriers of a block and of the grid.

#include "sim/Machine.h"

namespace phirt::sim {

/// Called by one CPU thread while the others wait.
void openGrid();
/// All blocks of this CPU thread wait: meets the other CPU threads. True where their blocks have
/// ended instead.
bool meetGrid();
/// All blocks of this CPU thread have ended.
void endGrid();

} // namespace phirt::sim
