#include "support/Input.h"
#include "support/Interrupt.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace phirt {

constexpr size_t kMostBytes = size_t(1) << 30; // what no prompt, text or line exceeds

/// Appends what one read gives; 0 at the end, -1 on error with errno set.
static ssize_t readSome(int file, std::string &text) {
  char buffer[1 << 16];
  ssize_t got = read(file, buffer, sizeof buffer);
  if (got > 0)
    text.append(buffer, got);
  return got;
}

static Result<std::string> readAll(int file, const std::string &name) {
  std::string text;
  for (;;) {
    ssize_t got = readSome(file, text);
    if (got == 0)
      return text;
    if (got < 0 && errno != EINTR)
      return error(name + ": " + strerror(errno));
    if (text.size() > kMostBytes)
      return error(name + ": longer than 1 GiB");
  }
}

Result<std::string> readStandardInput() { return readAll(STDIN_FILENO, "standard input"); }

Result<std::string> readTextFile(const std::string &path) {
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return error(path + ": " + strerror(errno));
  Result<std::string> text = readAll(file, path);
  close(file);
  return text;
}

/// Waits for standard input; true where a Ctrl-C came instead, or before. A signal between a check
/// and a blocking read would be lost: the pipe keeps it.
static bool isInterruptedWaiting() {
  pollfd files[2] = {{STDIN_FILENO, POLLIN, 0}, {interruptFile(), POLLIN, 0}};
  while (poll(files, 2, -1) < 0 && errno == EINTR) {
  }
  return files[1].revents != 0;
}

Result<LineReader::Event> LineReader::next(std::string &line) {
  for (;;) {
    size_t end = pending.find('\n', searched);
    bool isLast = end == pending.npos && ended;
    if (isLast && pending.empty())
      return Event::End;
    if (end != pending.npos || isLast) {
      line = pending.substr(0, end);
      pending.erase(0, isLast ? pending.npos : end + 1);
      searched = 0;
      if (line.ends_with('\r'))
        line.pop_back();
      return Event::Line;
    }
    searched = pending.size();
    if (isInterruptedWaiting())
      return Event::Interrupted;
    ssize_t got = readSome(STDIN_FILENO, pending);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return error(std::string("standard input: ") + strerror(errno));
    if (pending.size() > kMostBytes)
      return error("standard input: a line longer than 1 GiB");
    ended = got == 0;
  }
}

} // namespace phirt
