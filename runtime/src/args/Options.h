#pragma once
#include "device/DeviceOptions.h"
#include "threads/Sharing.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace phirt {

enum class Verb { Generate, Chat, Tokenize, Logits, Perplexity, Verify, Bench, Help, Version };

/// The command line, read. Unset options have no value.
struct Options {
  Verb verb = Verb::Generate;
  std::vector<std::string> words; ///< what is no flag, after the verb

  std::string weights;
  int64_t threads = 0;
  int64_t context = 0;
  Sharing sharing = Sharing::Auto;
  std::optional<int64_t> device;
  Launching launching = Launching::Auto;

  std::optional<std::string> prompt, system, output, trace;
  std::optional<std::vector<int32_t>> tokens;
  std::vector<std::string> stops;
  bool raw = false, json = false, ignoreEos = false, profile = false, lines = false,
       isDecode = false;

  std::optional<int64_t> maxTokens, topK;
  std::optional<double> temperature, topP, minP, repeatPenalty;
  std::optional<uint64_t> seed;

  int64_t window = 512;
  std::optional<int64_t> pass; ///< most tokens of one pass
  int64_t promptTokens = 512, newTokens = 64, batch = 1, depth = 0, repeat = 3;
};

} // namespace phirt
