#include "sim/Totals.h"
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <pthread.h>

namespace phirt::sim {

bool countingOn = false;

namespace {

constexpr const char *kJson = "json:";

/// Never freed: threads may still run at the program's end.
struct State {
  pthread_mutex_t mutex =
      PTHREAD_MUTEX_INITIALIZER; // std::mutex would bring std::system_error along
  Totals totals;
  int64_t tokens = 0;          ///< of the pass at hand
  std::vector<int64_t> stages; ///< of its meetings
};
State *state;

void print() {
  const char *how = getenv("PHISIM_COUNTS");
  bool json = strncmp(how, kJson, strlen(kJson)) == 0;
  std::string text = json ? jsonOf(state->totals) : tableOf(state->totals);
  FILE *file = json ? fopen(how + strlen(kJson), "w") : stderr;
  if (!file || fwrite(text.data(), 1, text.size(), file) != text.size() || fflush(file) != 0)
    fprintf(stderr, "cuda-sim: PHISIM_COUNTS=%s: cannot write: %s\n", how, strerror(errno));
}

void begin() {
  if (state || !getenv("PHISIM_COUNTS"))
    return;
  state = new State;
  countingOn = true;
  atexit(print);
}

} // namespace

void Counts::add(const Counts &other) {
  for (int i = 0; i < kPlaces; ++i)
    sectors[i] += other.sectors[i];
  for (int i = 0; i < kInstructions; ++i)
    instructions[i] += other.instructions[i];
  idealSectors += other.idealSectors;
  sharedRequests += other.sharedRequests;
  conflicts += other.conflicts;
}

void openTotals(int64_t tokens, const abi::SimKernel &kernel) {
  begin();
  if (!state)
    return;
  state->totals.kernel = kernel.name;
  state->totals.sites = kernel.sites;
  ++state->totals.passes[tokens];
  state->tokens = tokens;
  state->stages.clear();
}

void noteLaunch(int64_t stage) { ++state->totals.launches[{state->tokens, stage}]; }

void noteStage(int64_t stage, int32_t meeting, bool isBarrier) {
  if (isBarrier)
    state->totals.meetings[{state->tokens, stage}] += meeting - state->stages.size();
  state->stages.resize(meeting, stage);
}

void addTotals(const std::vector<Counts> &epochs, const std::vector<SiteCounts> &sites) {
  pthread_mutex_lock(&state->mutex);
  Totals &totals = state->totals;
  for (size_t i = 0; i < epochs.size(); ++i) {
    int64_t stage = i < state->stages.size() ? state->stages[i] : -1;
    totals.stages[{state->tokens, stage}].add(epochs[i]);
  }
  if (totals.bySite.size() < sites.size())
    totals.bySite.resize(sites.size());
  for (size_t i = 0; i < sites.size(); ++i) {
    totals.bySite[i].ideal += sites[i].ideal;
    totals.bySite[i].extra += sites[i].extra;
  }
  pthread_mutex_unlock(&state->mutex);
}

} // namespace phirt::sim
