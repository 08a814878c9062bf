#pragma once
/// Who touched a word, and when: 64 bits
///   grid barriers 18 | block barriers 16 | warp barriers 6 | many 2 | block 12 | thread 10
/// A clock that has gone once around is taken for the same time only by who comes back exactly
/// then.

#include <cstdint>

namespace phirt::sim {

using Stamp = uint64_t;

inline constexpr int kBlockShift = 10, kManyShift = 22, kWarpClockShift = 24, kBlockClockShift = 30,
                     kGridClockShift = 46;
inline constexpr Stamp kThreadMask = (Stamp(1) << kBlockShift) - 1;
inline constexpr Stamp kLaneMask = 31;
inline constexpr Stamp kWarpMask = kThreadMask & ~kLaneMask;
inline constexpr Stamp kBlockMask = Stamp(0xfff) << kBlockShift;
inline constexpr Stamp kManyMask = Stamp(3) << kManyShift;
inline constexpr Stamp kWarpClockMask = Stamp(63) << kWarpClockShift;
inline constexpr Stamp kBlockClockMask = Stamp(0xffff) << kBlockClockShift;
inline constexpr Stamp kGridClockMask = ~Stamp(0) << kGridClockShift;

/// Of a reader: others have read as well since, of its warp, its block or of other blocks.
inline constexpr Stamp kOne = 0, kLanes = Stamp(1) << kManyShift, kWarps = Stamp(2) << kManyShift,
                       kBlocks = Stamp(3) << kManyShift;
/// Of a writer: it is a copy under way.
inline constexpr Stamp kCopying = kLanes;

/// Grid clocks begin with 1: 0 is no stamp at all.
inline Stamp makeStamp(uint64_t grid, uint64_t blockClock, uint64_t warpClock, uint64_t block,
                       uint64_t thread) {
  return (grid << kGridClockShift) | ((blockClock << kBlockClockShift) & kBlockClockMask) |
         ((warpClock << kWarpClockShift) & kWarpClockMask) | (block << kBlockShift) | thread;
}

/// Whether a barrier that both took part in lies between `before` and `now`, or both are one
/// thread's.
inline bool isOrdered(Stamp before, Stamp now) {
  Stamp differs = before ^ now;
  if (differs & kGridClockMask)
    return true;
  Stamp many = before & kManyMask;
  if ((differs & kBlockMask) || many == kBlocks)
    return false;
  if (differs & kBlockClockMask)
    return true;
  if ((differs & kWarpMask) || many == kWarps)
    return false;
  if (differs & kWarpClockMask)
    return true;
  return !(differs & kLaneMask) && many == kOne;
}

/// What is to be remembered of the readers so far and one more: all that a later writer may be
/// unordered with.
inline Stamp joinReaders(Stamp before, Stamp now) {
  Stamp differs = before ^ now;
  if (differs & kGridClockMask)
    return now;
  Stamp many = before & kManyMask;
  if ((differs & kBlockMask) || many == kBlocks)
    return now | kBlocks;
  if (differs & kBlockClockMask)
    return now;
  if ((differs & kWarpMask) || many == kWarps)
    return now | kWarps;
  if (differs & kWarpClockMask)
    return now;
  return (differs & kLaneMask) || many == kLanes ? now | kLanes : now;
}

} // namespace phirt::sim
