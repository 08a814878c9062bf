#pragma once
#include "args/Options.h"
#include "model/Engine.h"
#include <span>
#include <vector>

namespace phirt {

// What `bench` and `bench --profile` share.

/// Token ids spread over the vocabulary, so that embeddings are not read from one place.
std::vector<int32_t> someTokens(int64_t count, int64_t vocab);
/// Whose logits are computed: of the very last token, as in a prompt, or of every one.
enum class LogitsOf { LastToken, EveryToken };
/// Runs tokens[from, to) in passes of at most `step` tokens; gives the seconds.
Result<double> timePasses(Engine &engine, std::span<const int32_t> tokens, int64_t from, int64_t to,
                          int64_t step, LogitsOf wanted);
/// An engine with room for what -p, -n and --depth ask for: every weight has been read once, and
/// the depth lies in the cache.
Result<Engine> openForPasses(const abi::Model &model, const Options &options);

} // namespace phirt
