#pragma once
#include <cstdint>
#include <ctime>

namespace phirt {

/// Nanoseconds of a clock that never turns back; read without a system call.
inline int64_t monotonicNanoseconds() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * int64_t(1'000'000'000) + time.tv_nsec;
}

/// A stopwatch.
class Clock {
public:
  /// Seconds since the start or the last lap.
  double lap() {
    int64_t now = monotonicNanoseconds();
    double seconds = static_cast<double>(now - start) * 1e-9;
    start = now;
    return seconds;
  }

private:
  int64_t start = monotonicNanoseconds();
};

} // namespace phirt
