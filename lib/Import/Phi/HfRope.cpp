// How positions turn. transformers before 5 writes rope_theta, partial_rotary_factor and
// rope_scaling at the top; from 5 on rope_parameters holds all of them. As in transformers, a
// non-empty rope_scaling wins over rope_parameters, and what is inside wins over the top; but for
// original_max_position_embeddings, which Phi3Config has at the top, with a default.

#include "HfConfig.h"
#include <cmath>

using namespace llvm;

namespace phidias {
namespace {

constexpr Range<double> kThetas = {1e-3, 1e15};
constexpr Range<double> kFactors = {1e-6, 1e6};

class RopeReader {
public:
  RopeReader(const JsonKeys &top, const JsonKeys &inside, ModelConfig &config,
             std::vector<std::string> &warnings)
      : top(top), inside(inside), config(config), rope(config.rope), warnings(warnings) {}

  Error read() {
    if (Error failure = theta())
      return failure;
    if (Error failure = rotaryDim())
      return failure;
    auto type = ropeType();
    if (!type)
      return type.takeError();
    if (*type == "default")
      return Error::success();
    return config.architecture == "phi3" && *type == "longrope"
               ? longRope()
               : inside.error("rope_type",
                              "'" + *type + "' is not supported for " + config.architecture);
  }

private:
  Error theta() {
    rope.theta = 10000;
    if (Error failure = top.real(rope.theta, "rope_theta", kThetas))
      return failure;
    return inside.real(rope.theta, "rope_theta", kThetas);
  }

  Error rotaryDim() {
    double part = 1;
    if (Error failure = top.real(part, "partial_rotary_factor", {0, 1}))
      return failure;
    if (Error failure = inside.real(part, "partial_rotary_factor", {0, 1}))
      return failure;
    // transformers' Llama turns all channels, whatever the file says: its makers meant another
    // model.
    if (part != 1 && config.architecture != "phi3")
      return top.error("partial_rotary_factor", "is not supported for " + config.architecture);
    rope.rotaryDim = static_cast<int64_t>(static_cast<double>(config.headDim) * part);
    if (rope.rotaryDim < 2 || rope.rotaryDim % 2 != 0)
      return top.error("partial_rotary_factor", "expected an even number of channels out of " +
                                                    Twine(config.headDim) + ", got " +
                                                    Twine(rope.rotaryDim));
    return Error::success();
  }

  Expected<std::string> ropeType() {
    std::string type = "default";
    if (Error failure = inside.text(type, "type"))
      return failure;
    if (Error failure = inside.text(type, "rope_type"))
      return failure;
    // Old names of longrope in Phi-3's files.
    if (config.architecture == "phi3" && (type == "su" || type == "yarn"))
      return "longrope";
    return type;
  }

  Error longRope() {
    if (Error failure = factors(rope.shortFactor, "short_factor"))
      return failure;
    if (Error failure = factors(rope.longFactor, "long_factor"))
      return failure;
    if (Error failure = originalContext())
      return failure;
    return attentionFactor();
  }

  Error originalContext() {
    rope.originalContext = 4096; // Phi3Config's default
    constexpr StringLiteral kKey = "original_max_position_embeddings";
    constexpr Range<int64_t> kContexts = {2, 1 << 24};
    if (Error failure = top.integer(rope.originalContext, kKey, kContexts))
      return failure;
    int64_t ignored = rope.originalContext;
    if (Error failure = inside.integer(ignored, kKey, kContexts))
      return failure;
    if (ignored != rope.originalContext)
      warnings.push_back(toString(inside.error(
          kKey, Twine(ignored) + " is ignored, as transformers does: " + kKey +
                    " of the configuration itself holds, " + Twine(rope.originalContext))));
    return Error::success();
  }

  Error factors(std::vector<double> &target, StringRef key) {
    if (Error failure = inside.require(key))
      return failure;
    if (Error failure = inside.reals(target, key, kFactors))
      return failure;
    if (static_cast<int64_t>(target.size()) == rope.rotaryDim / 2)
      return Error::success();
    return inside.wrong(key, Twine(rope.rotaryDim / 2) + " factors");
  }

  Error attentionFactor() {
    double original = static_cast<double>(rope.originalContext);
    double factor = static_cast<double>(config.maxContext) / original;
    if (Error failure = inside.real(factor, "factor", kFactors))
      return failure;
    rope.attentionFactor = factor <= 1 ? 1 : std::sqrt(1 + std::log(factor) / std::log(original));
    return inside.real(rope.attentionFactor, "attention_factor", kFactors);
  }

  const JsonKeys &top, &inside;
  ModelConfig &config;
  RopeConfig &rope;
  std::vector<std::string> &warnings;
};

} // namespace

Error readHfRope(const JsonKeys &keys, const json::Object &object, StringRef path,
                 ModelConfig &config, std::vector<std::string> &warnings) {
  static const json::Object kEmpty;
  const json::Object *chosen = &kEmpty;
  StringRef prefix;
  for (StringRef key : {"rope_parameters", "rope_scaling"}) {
    if (!keys.find(key))
      continue;
    const json::Object *found = object.getObject(key);
    if (!found)
      return keys.wrong(key, "an object");
    if (!found->empty())
      chosen = found, prefix = key;
  }
  JsonKeys inside(*chosen, path, prefix.empty() ? "" : (prefix + ".").str());
  return RopeReader(keys, inside, config, warnings).read();
}

} // namespace phidias
