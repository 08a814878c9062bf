#include "model/BusError.h"
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace phirt {
namespace {

struct Watched {
  const char *start = nullptr;
  size_t bytes = 0;
  char message[512];
  int length = 0;
} watched;

// Only what a signal handler may do: the message was made beforehand.
void onBusError(int number, siginfo_t *info, void *) {
  auto *address = static_cast<const char *>(info->si_addr);
  if (address >= watched.start && address < watched.start + watched.bytes) {
    (void)!write(STDERR_FILENO, watched.message, watched.length);
    _exit(1);
  }
  signal(number, SIG_DFL);
}

} // namespace

void watchBusErrors(const std::string &path, const void *start, size_t bytes) {
  watched.start = static_cast<const char *>(start);
  watched.bytes = bytes;
  watched.length = snprintf(
      watched.message, sizeof watched.message,
      "phidias: error: %.400s: cannot be read: cut short or damaged while in use\n", path.c_str());
  struct sigaction action = {};
  action.sa_sigaction = onBusError;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGBUS, &action, nullptr);
}

} // namespace phirt
