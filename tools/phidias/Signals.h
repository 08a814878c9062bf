#pragma once

namespace phidias::tool {

/// From now on Ctrl-C, and a mapped file that shrinks while it is read (SIGBUS), remove unfinished
/// outputs and end the program with one line and exit code 1.
void handleSignals();

} // namespace phidias::tool
