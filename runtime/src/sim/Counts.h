#pragma once
/// What a kernel asks of a GPU, counted where PHISIM_COUNTS says so: `table` on standard error, or
/// `json:FILE`, at the program's end.
///
/// A warp's accesses at one site are one request: the k-th of each of its lanes since they all met
/// last. Global memory moves sectors of 32 bytes; at best as many as the request's distinct bytes
/// fill. Shared memory has 32 banks of 4 bytes; the lanes of a request of 8 bytes go in two halves,
/// of 16 bytes in four quarters; each goes as often as it has distinct words in one bank.

#include "sim/Memory.h"
#include <array>
#include <cstdint>

namespace phirt::sim {

struct Warp;

/// Set before the first kernel runs.
extern bool countingOn;
inline bool isCounting() { return countingOn; }

enum class Instruction {
  Load,
  Store,
  Copy,
  Prefetch,
  Dp4a,
  Mma,
  Wgmma,
  Ldmatrix,
  Shuffle,
  Barrier,
  Other,
  Count_
};
inline constexpr int kInstructions = static_cast<int>(Instruction::Count_);
inline constexpr int kPlaces = static_cast<int>(Place::Count_);

struct Counts {
  std::array<uint64_t, kPlaces> sectors{};            ///< by where they are
  uint64_t idealSectors = 0;                          ///< of all places
  uint64_t sharedRequests = 0;                        ///< parts of a warp, at best one each
  uint64_t conflicts = 0;                             ///< times more than that
  std::array<uint64_t, kInstructions> instructions{}; ///< of threads; a warp has 32

  void add(const Counts &other);
};

/// Called by the first CPU thread while the others wait.
void openCounts();
/// By each, before its blocks run and after the end of the launch.
void joinCounts();
void closeCounts();
/// The stage that ended at the last barrier of the grid, or end of a region.
void countStage(int64_t stage, bool isBarrier = true);

/// A launch that begins with a region of the stage.
void countLaunch(int64_t stage);
/// A region of a chain has ended, with so many left in its launch; by one CPU thread.
void noteRegion(int64_t left);

void addInstructions(Instruction what, uint64_t times);
inline void countInstruction(Instruction what, uint64_t times = 1) {
  if (isCounting())
    addInstructions(what, times);
}
/// An access of the current thread.
void countAccess(Place place, const std::byte *address, int32_t bytes, int32_t align, bool isWrite,
                 int32_t site);
/// A copy of `bytes` that moves as a whole.
void countBulk(Place place, const std::byte *address, int64_t bytes);
/// All lanes of the warp have met.
void countMeeting(Warp &warp);

} // namespace phirt::sim
