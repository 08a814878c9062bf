#include "threads/Barrier.h"
#include "phirt/abi.h"
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace phirt {

static void relaxCore() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
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
    return release(current);
  if (!spinWhile(current))
    sleepWhile(current);
}

void Barrier::release(uint32_t current) {
  pending.store(threads, std::memory_order_relaxed);
  // Sequentially consistent, as is the sleeper's count: either it is seen here or the sleeper sees
  // the new phase.
  phase.store(current + 1, std::memory_order_seq_cst);
  if (sleepers.load(std::memory_order_seq_cst) != 0)
    futex(phase, FUTEX_WAKE, INT32_MAX);
}

bool Barrier::spinWhile(uint32_t current) const {
  for (uint32_t turn = 0; turn < spins; ++turn) {
    if (phase.load(std::memory_order_acquire) != current)
      return true;
    relaxCore();
  }
  return phase.load(std::memory_order_acquire) != current;
}

void Barrier::sleepWhile(uint32_t current) {
  sleepers.fetch_add(1, std::memory_order_seq_cst);
  while (phase.load(std::memory_order_seq_cst) == current)
    futex(phase, FUTEX_WAIT, current);
  sleepers.fetch_sub(1, std::memory_order_relaxed);
}

} // namespace phirt

void phirt_barrier(void *barrier) { static_cast<phirt::Barrier *>(barrier)->arriveAndWait(); }
