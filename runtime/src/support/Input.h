#pragma once
#include "phirt/Status.h"
#include <optional>
#include <string>

namespace phirt {

/// Everything on standard input.
Result<std::string> readStandardInput();
/// A whole file.
Result<std::string> readTextFile(const std::string &path);

/// Lines of standard input, one at a time.
class LineReader {
public:
  enum class Event { Line, End, Interrupted };
  /// The next line without its end in `line`. Interrupted: a signal came while it waited.
  Result<Event> next(std::string &line);

private:
  std::string pending;
  size_t searched = 0;
  bool ended = false;
};

} // namespace phirt
