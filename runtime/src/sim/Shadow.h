#pragma once
/// What is known of a word of memory: who wrote it last, and who has read it since.

#include <cstdint>

namespace phirt::sim {

using Stamp = uint64_t;

struct Block;
struct Warp;

/// All threads have met at a barrier.
void newGridEpoch(Block &block);
void newBlockEpoch(Block &block);
void newWarpEpoch(Warp &warp);
/// Nothing is known of the block's shared memory.
void resetShadow(Block &block);

} // namespace phirt::sim
