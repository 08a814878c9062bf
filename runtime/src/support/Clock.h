#pragma once
#include <chrono>

namespace phirt {

/// A stopwatch.
class Clock {
public:
  /// Seconds since the start or the last lap.
  double lap() {
    auto now = std::chrono::steady_clock::now();
    double seconds = std::chrono::duration<double>(now - start).count();
    start = now;
    return seconds;
  }

private:
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

} // namespace phirt
