#pragma once
/// Counts of all launches and CPU threads, by stage and by the tokens of a pass; printed at the
/// program's end.

#include "sim/Counts.h"
#include <map>
#include <string>
#include <vector>

namespace phirt::sim {

/// Of one site: sectors or parts of warps, at best, and how many more there were.
struct SiteCounts {
  uint64_t ideal = 0, extra = 0;
};

struct StageKey {
  int64_t tokens;
  int64_t stage; ///< -1: behind the last
  auto operator<=>(const StageKey &) const = default;
};

struct Totals {
  std::string kernel;
  const char *sites = nullptr;
  std::map<int64_t, uint64_t> passes; ///< by tokens
  std::map<StageKey, Counts> stages;
  std::map<StageKey, uint64_t> meetings; ///< of the grid, at the ends of stages and within them
  std::map<StageKey, uint64_t> launches; ///< by the stage of their first region
  std::vector<SiteCounts> bySite;        ///< two a site, reads and writes
};

/// A pass over `tokens` begins; by one CPU thread.
void openTotals(int64_t tokens, const abi::SimKernel &kernel);
/// A launch begins with a region of `stage`; by one CPU thread.
void noteLaunch(int64_t stage);
/// What came before the `meeting`th of the grid was `stage`; by one CPU thread. `isBarrier`: blocks
/// waited there, no launch ended or went on with one block.
void noteStage(int64_t stage, int32_t meeting, bool isBarrier);
/// What one CPU thread counted between the meetings of the pass.
void addTotals(const std::vector<Counts> &epochs, const std::vector<SiteCounts> &sites);

/// One line a stage, and one of the worst sites each.
std::string tableOf(const Totals &totals);
std::string jsonOf(const Totals &totals);

} // namespace phirt::sim
