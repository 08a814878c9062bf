#include "Signals.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Signals.h"
#include <csignal>
#include <unistd.h>

namespace phidias::tool {

/// Only what is safe in a signal handler.
[[noreturn]] static void die(llvm::StringRef line) {
  [[maybe_unused]] ssize_t written = write(STDERR_FILENO, line.data(), line.size());
  _exit(1);
}

static void onBusError(int) {
  llvm::sys::RunInterruptHandlers(); // removes unfinished outputs
  die("phidias: error: a file of the model became shorter while it was read\n");
}

void handleSignals() {
  // LLVM removes unfinished outputs before it calls this.
  llvm::sys::SetInterruptFunction([] { die("phidias: error: interrupted\n"); });
  struct sigaction action = {};
  action.sa_handler = onBusError;
  sigaction(SIGBUS, &action,
            nullptr); // after LLVM's own handler, which SetInterruptFunction installed
}

} // namespace phidias::tool
