#pragma once
#include <cstdint>

namespace phirt {

/// How the work of a stage's region is shared out to the threads. No result depends on it.
enum class Sharing {
  Auto,  ///< Claim where the cores at hand differ in speed, else Even
  Even,  ///< cut once: a piece a thread, and nothing to agree on
  Claim, ///< cut finer: who has done with a piece takes the next one
};

/// The most pieces for each thread where they are claimed. At the end of a region the others wait
/// for one piece of the slowest thread at most; smaller ones would cost more claims, and interrupt
/// the streams of weights more often.
inline constexpr int64_t kPiecesPerThread = 8;

} // namespace phirt
