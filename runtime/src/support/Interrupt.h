#pragma once

namespace phirt {

/// Catches Ctrl-C from now on: reads that wait return, and `takeInterrupt` tells of it.
void catchInterrupts();
/// Whether Ctrl-C came since the last call.
bool takeInterrupt();

} // namespace phirt
