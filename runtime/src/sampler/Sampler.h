#pragma once
#include "sampler/Random.h"
#include <cstdint>
#include <span>
#include <vector>

namespace phirt {

/// How the next token is chosen, in the terms of transformers' GenerationConfig.
struct Sampling {
  bool doSample = false;        ///< false: the likeliest token
  double temperature = 1;       ///< > 0
  int64_t topK = 0;             ///< 0: off
  double topP = 1;              ///< 1: off
  double minP = 0;              ///< 0: off
  double repetitionPenalty = 1; ///< 1: off; holds for greedy choice too
  uint64_t seed = 0;
};

/// A token that may be chosen, with its score (a logit after processing).
struct Candidate {
  int32_t id;
  float score;
};

/// Chooses tokens. All memory is taken at construction.
class Sampler {
public:
  Sampler(const Sampling &sampling, int64_t vocab);

  /// Notes a token of the sequence for the repetition penalty.
  void see(int32_t token);
  /// Forgets what was seen; the random numbers go on.
  void forget();
  /// The next token's id, or -1 where no logit is a finite number. `logits`: [vocab].
  int32_t choose(std::span<const float> logits);
  /// What is left after all processors, in no order. Valid until the next call.
  std::span<const Candidate> process(std::span<const float> logits);

private:
  int32_t draw(std::span<const Candidate> candidates);

  Sampling sampling;
  Random random;
  std::vector<Candidate> candidates; ///< [vocab]
  std::vector<char> seen;            ///< [vocab]: 1 where the sequence holds the token
};

// The processors, each as transformers' LogitsProcessor of that name. They narrow `candidates` in
// place and return how many are left, at the front.
size_t keepTopK(std::span<Candidate> candidates, int64_t k);
size_t keepTopP(std::span<Candidate> candidates, double p);
size_t keepMinP(std::span<Candidate> candidates, double p);
float penalise(float score, double penalty);

} // namespace phirt
