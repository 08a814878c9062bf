#pragma once
#include "model/Engine.h"
#include <functional>
#include <vector>

namespace phirt {

/// A growing list of tokens and what the cache holds of it.
///
/// LongRoPE: the length of the whole sequence decides which factors hold. Where it crosses the
/// boundary, the cached keys were rotated with the wrong factors, and everything is computed anew
/// from position 0, as the reference does.
class Sequence {
public:
  explicit Sequence(Engine &engine);

  /// Called for each chunk with the logits [rows, vocab] of its last tokens; an error ends the
  /// pass.
  using OnRows = std::function<Status(const float *logits, int64_t rows)>;

  /// Whether `ids` are tokens of the model, one at least and no more than the context holds.
  Status checkTokens(std::span<const int32_t> ids) const;
  /// Makes the sequence equal to `tokens`, computing only what the cache lacks: the shared prefix
  /// stays. Gives the logits [vocab] of the last token, or nullptr where a Ctrl-C came between two
  /// passes: the sequence is then as long as it got. `choice`: where the engine chooses, of the
  /// last token alone; then logits are not to be read.
  Result<const float *> become(std::span<const int32_t> tokens, abi::Choice *choice = nullptr);
  /// Appends one token and gives its logits [vocab], or nullptr, as `become`; allocates nothing.
  Result<const float *> append(int32_t token, abi::Choice *choice = nullptr);
  /// As `become`, from an empty cache, with the logits of every token.
  Status scan(std::span<const int32_t> tokens, const OnRows &onRows);

  Engine &owner() const { return engine; }
  int64_t length() const { return static_cast<int64_t>(tokens.size()); }
  /// Tokens that the last `become` found in the cache.
  int64_t reused() const { return reusedTokens; }

private:
  bool wantsLongRope(int64_t length) const;
  Result<const float *> computeFrom(int64_t position, abi::Choice *choice);
  void cutTo(int64_t position);

  Engine &engine;
  std::vector<int32_t> tokens; ///< room for the whole context is reserved
  int64_t cached = 0;          ///< positions 0..cached-1 of the cache are of `tokens`
  int64_t reusedTokens = 0;
  bool longRope = false;
};

} // namespace phirt
