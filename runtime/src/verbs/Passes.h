#pragma once
#include "args/Options.h"
#include "model/Engine.h"
#include <span>
#include <vector>

namespace phirt {

// What `bench` and `bench --profile` share.

/// Token ids spread over the vocabulary, so that embeddings are not read from one place.
std::vector<int32_t> someTokens(int64_t count, int64_t vocab);
/// Runs tokens[from, to) in passes of at most `step` tokens, logits of the last token of each;
/// gives the seconds.
double timePasses(Engine &engine, std::span<const int32_t> tokens, int64_t from, int64_t to,
                  int64_t step);
/// An engine with room for what -p, -n and --depth ask for: every weight has been read once, and
/// the depth lies in the cache.
Result<Engine> openForPasses(const abi::Model &model, const Options &options);

} // namespace phirt
