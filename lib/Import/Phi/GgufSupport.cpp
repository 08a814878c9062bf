// Keys of a GGUF file that would change what a model computes, and that are not supported: each
// must be absent or say that it changes nothing.

#include "GgufKeys.h"
#include "PhiInternal.h"

using namespace llvm;

namespace phidias {
namespace {

/// A key and the value, besides 0, that changes nothing.
struct NeutralKey {
  StringLiteral name;
  double neutral;
};

constexpr NeutralKey kKeys[] = {
    {"expert_count", 0},           {"attention.max_alibi_bias", 0},
    {"attention.clamp_kqv", 0},    {"attention.scale", 0},
    {"attention.causal", 1},       {"rope.scale_linear", 1},
    {"rope.scaling.alpha", 0},     {"logit_scale", 1},
    {"residual_scale", 1},         {"embedding_scale", 1},
    {"attention.output_scale", 1}, {"use_parallel_residual", 0},
};

std::optional<double> numberOf(const GgufValue &value) {
  if (auto *number = std::get_if<uint64_t>(&value))
    return static_cast<double>(*number);
  if (auto *number = std::get_if<int64_t>(&value))
    return static_cast<double>(*number);
  if (auto *number = std::get_if<double>(&value))
    return *number;
  if (auto *flag = std::get_if<bool>(&value))
    return *flag;
  return std::nullopt;
}

Error requireNeutral(const GgufKeys &keys, const std::string &key, double neutral) {
  const GgufValue *value = keys.find(key);
  if (!value)
    return Error::success();
  auto number = numberOf(*value);
  bool zeroIsNeutral = key.find("causal") == std::string::npos;
  if (number && (*number == neutral || (zeroIsNeutral && *number == 0)))
    return Error::success();
  return keys.error(key, "is not supported: expected " + std::to_string(neutral) + ", got " +
                             (number ? std::to_string(*number) : "something else"));
}

/// A missing type means linear scaling, whose factor must then be 1.
Error checkScaling(const GgufKeys &keys, const std::string &prefix) {
  std::string key = prefix + "rope.scaling.type";
  if (keys.find(key)) {
    auto type = keys.text(key);
    if (!type)
      return type.takeError();
    if (*type == "none")
      return Error::success();
    if (*type != "longrope")
      return keys.error(key, "'" + *type + "' is not supported; supported are none and longrope");
  }
  return requireNeutral(keys, prefix + "rope.scaling.factor", 1);
}

} // namespace

Error checkGgufSupport(const GgufMetadata &metadata, const Checkpoint &checkpoint,
                       const ModelConfig &config) {
  GgufKeys keys(metadata, checkpoint.path);
  std::string prefix = config.architecture + ".";
  if (Error failure = requireNeutral(keys, "split.count", 1))
    return failure;
  for (const NeutralKey &key : kKeys)
    if (Error failure = requireNeutral(keys, prefix + key.name.str(), key.neutral))
      return failure;
  if (Error failure = checkScaling(keys, prefix))
    return failure;
  if (Error failure = requireNeutral(keys, prefix + "attention.value_length",
                                     static_cast<double>(config.headDim)))
    return failure;
  // The permutation of rows mixes channels that turn with channels that pass.
  if (config.architecture == "llama" && config.rope.rotaryDim != config.headDim)
    return keys.error(prefix + "rope.dimension_count", "expected " + Twine(config.headDim) +
                                                           ", the head's size, got " +
                                                           Twine(config.rope.rotaryDim));
  if (checkpoint.find("rope_freqs.weight"))
    return createStringError(Twine(checkpoint.path) +
                             ": tensor rope_freqs.weight: this scaling of RoPE is not supported");
  return Error::success();
}

} // namespace phidias
