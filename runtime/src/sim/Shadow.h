#pragma once
/// What is known of memory: of every 4 bytes who wrote them last and who has read them since. Bytes
/// are told apart only where some thread has touched a part of such a word.

#include "sim/Stamp.h"
#include "support/Mapping.h"
#include <atomic>

namespace phirt::sim {

struct Record {
  Stamp writer = 0; ///< 0: none, kSplit: see the bytes
  Stamp reader = 0;
  int32_t writerSite = -1, readerSite = -1;
};
inline constexpr Stamp kSplit = ~Stamp(0);

enum class Problem { None, Uninitialised, Copying, RaceWithWrite, RaceWithRead };

/// An access: by whom, when, where in the program.
struct Touch {
  Stamp now;
  int32_t site;
};

class Shadow {
public:
  /// Of `bytes` at `start`, a multiple of 4; nothing is known of them. Keeps its memory where it
  /// suffices.
  void cover(const std::byte *start, size_t bytes);
  /// `needsWrite`: who reads must find something written.
  Problem read(const std::byte *address, int32_t bytes, const Touch &touch, bool needsWrite);
  /// `isCopy`: of a copy that begins; the bytes are there at arrive().
  Problem write(const std::byte *address, int32_t bytes, const Touch &touch, bool isCopy);
  /// Written without a look at what was there: a copy that was under way.
  void arrive(const std::byte *address, int32_t bytes, const Touch &touch);
  /// Who wrote the byte last; 0: no one.
  Stamp writer(const std::byte *address) const;
  /// What stood in the way of this CPU thread's last access that had a problem.
  static const Record &culprit() { return *found; }

private:
  template <class Act> Problem each(const std::byte *address, int32_t bytes, const Act &act);
  Record *split(size_t word);

  const std::byte *start = nullptr;
  size_t room = 0; ///< bytes that the memory below is for
  Mapping words;   ///< a Record for each 4 bytes
  Mapping bytes;   ///< a Record for each byte
  /// Threads of several blocks may come to the bytes of one word at once. All else they do at once
  /// is a race of theirs, which one of them finds, or reads, of which one may be forgotten.
  std::atomic_flag splitting;
  static thread_local constinit const Record *found;
};

} // namespace phirt::sim
