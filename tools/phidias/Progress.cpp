#include "Progress.h"
#include <cstdio>
#include <string>
#include <unistd.h>

namespace phidias::tool {

static constexpr char kClearLine[] = "\r\033[K";

Progress::Progress() : terminal(isatty(STDERR_FILENO)) {}

void Progress::phase(llvm::StringRef name, llvm::StringRef result, double seconds) {
  if (terminal)
    std::fprintf(stderr, "%s  %-10s %-52s %6.1f s\n", kClearLine, name.str().c_str(),
                 result.str().c_str(), seconds);
}

void Progress::packing(uint64_t done, uint64_t total) {
  int percent = total ? static_cast<int>(done * 100 / total) : 100;
  if (!terminal || percent == shownPercent)
    return;
  shownPercent = percent;
  std::string bar;
  for (int i = 0; i < 20; ++i)
    bar += i * 5 < percent ? "█" : "·";
  std::fprintf(stderr, "%s  %-10s %s %3d %% of %.2f GB", kClearLine, "pack", bar.c_str(), percent,
               total / 1e9);
}

void Progress::report(llvm::StringRef text) {
  if (terminal)
    std::fputs(kClearLine, stderr);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void Progress::warning(llvm::StringRef message) {
  std::fprintf(stderr, "%sphidias: warning: %s\n", terminal ? kClearLine : "",
               message.str().c_str());
}

} // namespace phidias::tool
