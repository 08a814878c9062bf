#include "support/Interrupt.h"
#include <atomic>
#include <csignal>

namespace phirt {

static std::atomic<bool> interrupted;

void catchInterrupts() {
  struct sigaction action = {};
  action.sa_handler = [](int) { interrupted.store(true); };
  sigaction(SIGINT, &action, nullptr); // no SA_RESTART: a waiting read shall return
}

bool takeInterrupt() { return interrupted.exchange(false); }

} // namespace phirt
