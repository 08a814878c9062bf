#include "device/cuda/Progress.h"
#include "support/Output.h"
#include <unistd.h>

namespace phirt::cuda {

static constexpr const char *kClearLine = "\r\033[K";

Progress::Progress(std::string what) : what(std::move(what)), isShown(isatty(STDERR_FILENO)) {
  print(this->what);
}

Progress::~Progress() { print(""); }

void Progress::show(uint64_t done, uint64_t total) {
  int64_t now = total ? static_cast<int64_t>(done * 100 / total) : 100;
  if (now == percent)
    return;
  percent = now;
  print(what + ": " + std::to_string(now) + " %");
}

void Progress::print(const std::string &line) {
  if (isShown)
    (void)writeAll(STDERR_FILENO, kClearLine + line, "standard error");
}

} // namespace phirt::cuda
