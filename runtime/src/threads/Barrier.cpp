#include "threads/Barrier.h"
#include "phirt/abi.h"
#include "support/Clock.h"
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace phirt {

static void relaxCore() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb"); // yield is a no-op on most cores; isb waits some ten cycles
#endif
}

static void futex(std::atomic<uint32_t> &word, int operation, uint32_t value) {
  static_assert(sizeof(word) == sizeof(uint32_t));
  syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr, 0);
}

void Barrier::arriveAndWait() {
  // Read before arriving: afterwards the last thread may turn it at any time.
  uint32_t current = phase.load(std::memory_order_relaxed);
  if (pending.fetch_sub(1, std::memory_order_acq_rel) == 1)
    release(current);
  else
    await(current);
}

void Barrier::release(uint32_t current) {
  pending.store(threads, std::memory_order_relaxed);   // M3
  next.store(threads, std::memory_order_relaxed);      // M6
  phase.store(current + 1, std::memory_order_seq_cst); // M2, M4
  if (sleepers.load(std::memory_order_seq_cst) != 0)   // M4
    futex(phase, FUTEX_WAKE, INT32_MAX);
}

void Barrier::await(uint32_t current) {
  int64_t start = monotonicNanoseconds();
  if (!spinWhile(current, start, patience.nanoseconds()))
    sleepWhile(current);
  patience.learn(monotonicNanoseconds() - start);
}

/// The clock is asked every few turns. It bounds the spin also where this thread itself loses its
/// core meanwhile.
bool Barrier::spinWhile(uint32_t current, int64_t start, int64_t nanoseconds) const {
  do {
    for (int turn = 0; turn < 8; ++turn) {
      if (phase.load(std::memory_order_acquire) != current)
        return true;
      relaxCore();
    }
  } while (monotonicNanoseconds() - start < nanoseconds);
  return false;
}

void Barrier::sleepWhile(uint32_t current) {
  sleepers.fetch_add(1, std::memory_order_seq_cst);
  while (phase.load(std::memory_order_seq_cst) == current)
    futex(phase, FUTEX_WAIT, current);
  sleepers.fetch_sub(1, std::memory_order_relaxed);
}

} // namespace phirt

void phirt_barrier(void *barrier) { static_cast<phirt::Barrier *>(barrier)->arriveAndWait(); }

int64_t phirt_claim(void *claims) {
  return claims ? static_cast<phirt::Barrier *>(claims)->claim() : INT64_MAX;
}
