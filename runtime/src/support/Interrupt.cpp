#include "support/Interrupt.h"
#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace phirt {

static std::atomic<bool> interrupted;
static int wake[2] = {-1, -1}; // a pipe: what waits for input can wait for a signal too

static void onInterrupt(int) {
  interrupted.store(true);
  // A full pipe is awake already.
  [[maybe_unused]] ssize_t written = write(wake[1], "", 1);
}

void catchInterrupts() {
  if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0)
    return; // no pipe, no handler: Ctrl-C ends the program
  struct sigaction action = {};
  action.sa_handler = onInterrupt;
  sigaction(SIGINT, &action, nullptr);
}

bool takeInterrupt() {
  char drained[64];
  while (wake[0] >= 0 && read(wake[0], drained, sizeof drained) > 0) {
  }
  return interrupted.exchange(false);
}

int interruptFile() { return wake[0]; }

} // namespace phirt
