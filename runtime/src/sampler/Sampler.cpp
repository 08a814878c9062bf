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

/// Those with a finite score, first.
static std::span<Candidate> finite(std::span<Candidate> candidates) {
  auto end = std::remove_if(candidates.begin(), candidates.end(),
                            [](const Candidate &c) { return !std::isfinite(c.score); });
  return {candidates.begin(), end};
}

std::span<Candidate> Sampler::keep(std::span<const float> logits) {
  std::span<Candidate> left = candidates;
  auto temperature = static_cast<float>(sampling.temperature);
  for (size_t id = 0; id < left.size(); ++id) {
    float score = seen[id] ? penalise(logits[id], sampling.repetitionPenalty) : logits[id];
    left[id] = {static_cast<int32_t>(id), sampling.doSample ? score / temperature : score};
  }
  if (!sampling.doSample)
    return left;
  left = finite(left);
  // transformers' order, in generation/utils.py, _get_logits_processor.
  if (sampling.topK > 0)
    left = left.first(keepTopK(left, sampling.topK));
  if (sampling.topP < 1)
    left = left.first(keepTopP(left, sampling.topP));
  if (sampling.minP > 0)
    left = left.first(keepMinP(left, sampling.minP));
  return left;
}

std::span<const Candidate> Sampler::process(std::span<const float> logits) { return keep(logits); }

int32_t Sampler::choose(std::span<const float> logits) {
  std::span<Candidate> left = keep(logits);
  const Candidate *top = best(left);
  if (!top)
    return -1;
  return sampling.doSample ? draw(left) : top->id;
}

int32_t Sampler::draw(std::span<Candidate> left) {
  auto hasLowerId = [](const Candidate &a, const Candidate &b) { return a.id < b.id; };
  if (!std::is_sorted(left.begin(), left.end(), hasLowerId))
    std::sort(left.begin(), left.end(), hasLowerId);
  float top = best(left)->score;
  uint64_t total = 0;
  for (const Candidate &candidate : left)
    total += weightOf(candidate.score, top);
  uint64_t number = scaled(random.next(), total);
  for (const Candidate &candidate : left) {
    uint64_t weight = weightOf(candidate.score, top);
    if (number < weight)
      return candidate.id;
    number -= weight;
  }
  return -1; // not reached: number < total
}

std::optional<abi::Choice> Sampler::order() const {
  if (sampling.repetitionPenalty != 1)
    return std::nullopt;
  abi::Choice choice{0, 0, -INFINITY, 1, sampling.doSample, 0, -1};
  if (!sampling.doSample)
    return choice;
  Random ahead = random;
  choice.random = ahead.next();
  choice.temperature = static_cast<float>(sampling.temperature);
  choice.topK = static_cast<int32_t>(std::clamp<int64_t>(sampling.topK, 0, INT32_MAX));
  if (sampling.topP < 1)
    choice.topP = fractionOf(sampling.topP);
  if (sampling.minP > 0)
    choice.logMinP = std::log(sampling.minP);
  return choice;
}

void Sampler::take(const abi::Choice &choice) {
  if (choice.drawn && choice.token >= 0)
    random.next();
}

} // namespace phirt
