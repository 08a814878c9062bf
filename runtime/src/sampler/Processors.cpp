#include "sampler/Sampler.h"
#include <algorithm>
#include <cmath>

namespace phirt {

float penalise(float score, double penalty) {
  auto factor = static_cast<float>(penalty);
  return score < 0 ? score * factor : score / factor;
}

/// Higher scores first, lower ids among equals.
static bool isAhead(const Candidate &a, const Candidate &b) {
  return a.score != b.score ? a.score > b.score : a.id < b.id;
}

static bool isBehind(const Candidate &a, const Candidate &b) { return isAhead(b, a); }

size_t keepTopK(std::span<Candidate> candidates, int64_t k) {
  if (static_cast<uint64_t>(k) >= candidates.size())
    return candidates.size();
  auto kth = candidates.begin() + (k - 1);
  std::nth_element(candidates.begin(), kth, candidates.end(), isAhead);
  // What equals the k-th stays, as in transformers.
  float floor = kth->score;
  auto end = std::partition(kth + 1, candidates.end(),
                            [floor](const Candidate &c) { return c.score >= floor; });
  return end - candidates.begin();
}

static uint64_t massOf(std::span<const Candidate> candidates, float top) {
  uint64_t mass = 0;
  for (const Candidate &candidate : candidates)
    mass += weightOf(candidate.score, top);
  return mass;
}

// A candidate stays if those ahead of it hold less than p of the mass. A heap gives them in order
// without sorting the whole vocabulary: popped ones gather at the back, highest last.
size_t keepTopP(std::span<Candidate> candidates, double p) {
  if (candidates.empty())
    return 0;
  std::make_heap(candidates.begin(), candidates.end(), isBehind);
  float top = candidates.front().score;
  uint64_t wanted = std::max<uint64_t>(scaled(fractionOf(p), massOf(candidates, top)), 1);
  auto end = candidates.end();
  for (uint64_t ahead = 0; end != candidates.begin() && ahead < wanted;) {
    std::pop_heap(candidates.begin(), end, isBehind);
    ahead += weightOf((--end)->score, top);
  }
  std::rotate(candidates.begin(), end, candidates.end());
  return candidates.end() - end;
}

size_t keepMinP(std::span<Candidate> candidates, double p) {
  if (candidates.empty())
    return 0;
  auto top = std::min_element(candidates.begin(), candidates.end(), isAhead);
  double floor = top->score + std::log(p);
  auto end = std::partition(candidates.begin(), candidates.end(),
                            [floor](const Candidate &c) { return c.score >= floor; });
  return end - candidates.begin();
}

} // namespace phirt
