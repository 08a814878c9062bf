#pragma once

namespace phirt {

/// Catches Ctrl-C from now on: reads that wait return, and `takeInterrupt` tells of it.
void catchInterrupts();
/// Whether Ctrl-C came since the last call.
bool takeInterrupt();

/// Readable from the moment a Ctrl-C came until takeInterrupt; -1 before catchInterrupts.
int interruptFile();

} // namespace phirt
