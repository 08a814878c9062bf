#pragma once
/// A pass as a chain of launches, where blocks of one launch cannot wait for each other or where
/// that is to be compared with.

#include "phirt/abi.h"
#include <algorithm>
#include <span>
#include <vector>

namespace phirt {

/// One launch: a stretch of the pass's regions. All blocks run the first of them, and the one that
/// has done last runs the others; or one block runs all of them.
struct Link {
  int64_t first = 0, count = 1;
  bool byOne = false; ///< its first region too

  /// What the launch is told, of a pass by so many blocks.
  void tell(abi::ForwardArgs &args, int64_t blocks) const {
    args.firstRegion = first;
    args.regionCount = count;
    args.threads = byOne ? 1 : blocks;
    args.narrowBlocks = byOne || count > 1 ? 1 : blocks;
  }
};

/// Of the whole pass, by blocks that wait for each other.
inline void tellWhole(abi::ForwardArgs &args, int64_t blocks) {
  args.firstRegion = 0;
  args.regionCount = abi::kAllRegions;
  args.threads = args.narrowBlocks = blocks;
}

/// Passes of more tokens give all blocks something to do in every region.
inline constexpr int64_t kShortPass = 8;

/// The launches of a pass over `tokens`, in their order. `chooses`: it is to choose a token.
inline std::vector<Link> planChain(std::span<const abi::Region> regions, int64_t tokens,
                                   bool chooses) {
  using enum abi::RegionKind;
  bool isShort = tokens <= kShortPass;
  std::vector<Link> chain;
  for (int64_t at = 0; at < std::ssize(regions);) {
    Link link{at, 0, isShort && regions[at].kind != Wide};
    bool joins = false;
    do
      joins |= regions[at].kind == Joined, ++link.count, ++at;
    while (at < std::ssize(regions) &&
           (regions[at].kind == Joined || (isShort && regions[at].kind == Narrow)));
    if (chooses || !joins) // only the choice has such
      chain.push_back(link);
  }
  return chain;
}

} // namespace phirt
