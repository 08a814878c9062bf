#include "sampler/Sampler.h"
#include <algorithm>
#include <cmath>

namespace phirt {

Sampler::Sampler(const Sampling &sampling, int64_t vocab)
    : sampling(sampling), random(sampling.seed), candidates(vocab), seen(vocab) {}

void Sampler::see(int32_t token) {
  if (token >= 0 && static_cast<size_t>(token) < seen.size())
    seen[token] = 1;
}

void Sampler::forget() { std::fill(seen.begin(), seen.end(), 0); }

/// The highest score, the lowest id among equals; nullptr where no score is finite.
static const Candidate *best(std::span<const Candidate> candidates) {
  const Candidate *found = nullptr;
  for (const Candidate &candidate : candidates)
    if (std::isfinite(candidate.score) && (!found || candidate.score > found->score))
      found = &candidate;
  return found;
}

std::span<const Candidate> Sampler::process(std::span<const float> logits) {
  std::span<Candidate> left = candidates;
  auto temperature = static_cast<float>(sampling.temperature);
  for (size_t id = 0; id < left.size(); ++id) {
    float score = seen[id] ? penalise(logits[id], sampling.repetitionPenalty) : logits[id];
    left[id] = {static_cast<int32_t>(id), sampling.doSample ? score / temperature : score};
  }
  if (!sampling.doSample)
    return left;
  // transformers' order, in generation/utils.py, _get_logits_processor.
  if (sampling.topK > 0)
    left = left.first(keepTopK(left, sampling.topK));
  if (sampling.topP < 1)
    left = left.first(keepTopP(left, sampling.topP));
  if (sampling.minP > 0)
    left = left.first(keepMinP(left, sampling.minP));
  return left;
}

int32_t Sampler::choose(std::span<const float> logits) {
  std::span<const Candidate> left = process(logits);
  const Candidate *top = best(left);
  if (!top)
    return -1;
  return sampling.doSample ? draw(left) : top->id;
}

int32_t Sampler::draw(std::span<const Candidate> left) {
  const Candidate *top = best(left);
  double total = 0;
  for (const Candidate &candidate : left)
    total += std::isfinite(candidate.score) ? std::exp(double(candidate.score) - top->score) : 0;
  double rest = random.uniform() * total;
  for (const Candidate &candidate : left) {
    rest -= std::isfinite(candidate.score) ? std::exp(double(candidate.score) - top->score) : 0;
    if (rest < 0)
      return candidate.id;
  }
  return top->id; // rounding left a crumb
}

} // namespace phirt
