#pragma once
#include <atomic>
#include <cstdint>

namespace phirt {

/// Where all threads of a team meet, again and again. Waits spin briefly, then sleep.
class Barrier {
public:
  /// `spins`: turns of the spin loop before a thread sleeps; 0 where there are fewer cores than
  /// threads.
  Barrier(uint32_t threads, uint32_t spins) : threads(threads), spins(spins), pending(threads) {}
  Barrier(const Barrier &) = delete;
  Barrier &operator=(const Barrier &) = delete;

  /// Returns once every thread has arrived; what they wrote before is seen after.
  void arriveAndWait();

private:
  void release(uint32_t phase);
  bool spinWhile(uint32_t phase) const;
  void sleepWhile(uint32_t phase);

  const uint32_t threads;
  const uint32_t spins;
  // The phase plays the part of the sense: it turns once all have arrived. Each word has its own
  // cache line.
  alignas(64) std::atomic<uint32_t> pending;
  alignas(64) std::atomic<uint32_t> phase{0};
  alignas(64) std::atomic<uint32_t> sleepers{0};
};

} // namespace phirt
