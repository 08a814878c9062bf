#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>

namespace phirt {

/// How long a wait spins before it sleeps, learned from the waits before. Waits of microseconds are
/// the skew between threads of one stage: spinning is cheaper than the way through the kernel.
/// Waits of milliseconds mean that another process has a core: spinning through them would take the
/// other core as well, and the time of the one who is waited for.
class Patience {
public:
  static constexpr int64_t kMost = 40'000; ///< nanoseconds
  static constexpr int64_t kLeast = 1'000;

  explicit Patience(bool maySpin) : spin(maySpin ? kMost : 0) {}

  int64_t nanoseconds() const { return spin.load(std::memory_order_relaxed); }

  /// After a wait. Threads may overwrite each other's lesson: it is a hint.
  void learn(int64_t waited) {
    int64_t now = nanoseconds();
    if (now == 0)
      return;
    int64_t next = waited <= kMost ? std::min(kMost, now + now / 4 + 1) : std::max(kLeast, now / 2);
    if (next != now)
      spin.store(next, std::memory_order_relaxed);
  }

private:
  alignas(64) std::atomic<int64_t> spin;
};

} // namespace phirt
