#pragma once
#include "threads/Patience.h"
#include <atomic>
#include <cstdint>

namespace phirt {

/// Where all threads of a team meet, again and again. Waits spin briefly, then sleep. Between two
/// meetings they claim the pieces of their work here.
///
/// Why what is written before a barrier is seen behind it, by C++'s memory model alone:
///
/// (M1) Each arrival is an acq_rel read-modify-write of `pending`, so the arrivals of one phase
/// form
///      one release sequence: the last synchronises with all that came before it.
/// (M2) The last one stores `phase` as seq_cst, a release too; every other thread leaves having
///      loaded the new phase with acquire at least, and so synchronises with the last. By M1 and
///      transitivity all that happened before any arrival happens before any departure.
/// (M3) `pending` is reset by a relaxed store before `phase` is stored. Who decrements it next has
///      loaded that phase: the reset happens before, and no arrival of two phases can mix.
/// (M4) Nobody sleeps through its wake: the last thread stores `phase` and then loads `sleepers`;
///      a sleeper adds to `sleepers` and then loads `phase`; all four are seq_cst. In their one
///      order either the sleeper's load comes after the store and it does not sleep, or the load of
///      `sleepers` comes after the addition and a wake is sent. A wake that comes before the wait
///      is not lost either: the kernel compares `phase` with the old value under its own lock.
/// (M5) The phase wraps after 2^32 rounds; nobody can be that late, for the barrier waits for all.
/// (M6) Claims are relaxed read-modify-writes of `next`, which have one order: no number is given
///      twice between two resets. The last thread resets `next` before it stores `phase`. All
///      claims of the ended region happen before the reset (each before its thread's arrival, then
///      M1), and the reset before all claims of the next region (M2): in the one order of `next` it
///      lies between the two, and no claims of two regions can mix. That is all that claims must
///      say: what a piece reads was written before the last barrier (M2), and pieces of one region
///      do not read each other's results.
///
/// On ARM, where qemu on x86 would hide a mistake, test/runtime/threads/barrier-aarch64.test holds
/// the instructions: M1 an ldaxr/stlxr pair or ldaddal; M2 stlr, and ldar or ldapr; M4 stlr before
/// an ldar, and ldaddal or stlxr before an ldar. There ldapr would not do: it may be satisfied
/// before an earlier release is visible, ldar may not. M6 a plain store before M2's, and ldadd or
/// ldxr/stxr.
class Barrier {
public:
  /// `maySpin`: whether every thread may have a core of its own; otherwise all waits sleep at once.
  Barrier(uint32_t threads, bool maySpin)
      : threads(threads), patience(maySpin), pending(threads), next(threads) {}
  Barrier(const Barrier &) = delete;
  Barrier &operator=(const Barrier &) = delete;

  /// Returns once every thread has arrived; what they wrote before is seen after.
  void arriveAndWait();
  /// `threads`, `threads` + 1, ...: since the last meeting, each number once.
  int64_t claim() { return next.fetch_add(1, std::memory_order_relaxed); } // M6

private:
  void release(uint32_t phase);
  void await(uint32_t phase);
  bool spinWhile(uint32_t phase, int64_t start, int64_t nanoseconds) const;
  void sleepWhile(uint32_t phase);

  const uint32_t threads;
  Patience patience;
  // The phase plays the part of the sense: it turns once all have arrived. Each word has its own
  // cache line, Apple's have 128 bytes, but for the claims: after its last one, which gave nothing,
  // a thread arrives.
  alignas(128) std::atomic<uint32_t> pending;
  std::atomic<int64_t> next;
  alignas(128) std::atomic<uint32_t> phase{0};
  alignas(128) std::atomic<uint32_t> sleepers{0};
};

} // namespace phirt
