#include "sampler/Sampler.h"
#include <algorithm>
#include <cmath>

namespace phirt {

float penalise(float score, double penalty) {
  auto factor = static_cast<float>(penalty);
  return score < 0 ? score * factor : score / factor;
}

/// Higher scores first, lower ids among equals; scores that are no numbers last.
static bool isAhead(const Candidate &a, const Candidate &b) {
  float x = std::isnan(a.score) ? -INFINITY : a.score;
  float y = std::isnan(b.score) ? -INFINITY : b.score;
  return x != y ? x > y : a.id < b.id;
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

static double massOf(std::span<const Candidate> candidates, float top) {
  double mass = 0;
  for (const Candidate &candidate : candidates)
    mass += std::isfinite(candidate.score) ? std::exp(double(candidate.score) - top) : 0;
  return mass;
}

// A candidate stays if those ahead of it hold less than p of the mass. A heap gives them in order
// without sorting the whole vocabulary: popped ones gather at the back, highest last.
size_t keepTopP(std::span<Candidate> candidates, double p) {
  std::make_heap(candidates.begin(), candidates.end(), isBehind);
  float top = candidates.front().score;
  double wanted = p * massOf(candidates, top);
  auto end = candidates.end();
  for (double ahead = 0;
       end != candidates.begin() && (ahead < wanted || end == candidates.end());) {
    std::pop_heap(candidates.begin(), end, isBehind);
    ahead += std::exp(double((--end)->score) - top);
  }
  std::rotate(candidates.begin(), end, candidates.end());
  return candidates.end() - end;
}

size_t keepMinP(std::span<Candidate> candidates, double p) {
  auto top = std::min_element(candidates.begin(), candidates.end(), isAhead);
  double floor = top->score + std::log(p);
  auto end = std::partition(candidates.begin(), candidates.end(),
                            [floor](const Candidate &c) { return c.score >= floor; });
  return end - candidates.begin();
}

} // namespace phirt
