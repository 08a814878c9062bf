#pragma once
#include "phirt/abi/Choice.h"
#include "sampler/Random.h"
#include <cstdint>
#include <optional>
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
  /// What is left after all processors, in no order; where a token is drawn, only finite scores.
  /// Valid until the next call.
  std::span<const Candidate> process(std::span<const float> logits);

  /// The same choice by a pass (abi::Code::chooses), with its token still to be found. Nothing
  /// where only `choose` can: with a repetition penalty.
  std::optional<abi::Choice> order() const;
  /// A choice of `order` was made: its random number is used up.
  void take(const abi::Choice &choice);

private:
  std::span<Candidate> keep(std::span<const float> logits);
  int32_t draw(std::span<Candidate> candidates);

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

// The arithmetic of phirt/abi/Choice.h.
/// Of a score beside the highest.
uint64_t weightOf(float score, float top);
/// floor(x * y / 2^64).
uint64_t scaled(uint64_t x, uint64_t y);
/// abi::Choice::topP, not 0, of p < 1.
uint64_t fractionOf(double p);

} // namespace phirt
