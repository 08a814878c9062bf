#include "support/Output.h"
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace phirt {

Status writeAll(int file, std::string_view bytes, std::string_view name) {
  while (!bytes.empty()) {
    ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return error(std::string(name) + ": " + strerror(errno));
    bytes.remove_prefix(written);
  }
  return {};
}

Status writeOut(std::string_view text) { return writeAll(STDOUT_FILENO, text, "standard output"); }

} // namespace phirt
