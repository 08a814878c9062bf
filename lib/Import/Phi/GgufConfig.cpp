#include "GgufKeys.h"
#include "PhiInternal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <cmath>

using namespace llvm;

namespace phidias {

namespace {

class ConfigReader {
public:
  ConfigReader(const GgufKeys &keys, const Checkpoint &checkpoint, ModelConfig &config,
               GenerationConfig &generation)
      : keys(keys), checkpoint(checkpoint), config(config), generation(generation) {}

  Error read() {
    for (auto step : {&ConfigReader::architecture, &ConfigReader::sizes, &ConfigReader::attention,
                      &ConfigReader::rope, &ConfigReader::tokens})
      if (Error failure = (this->*step)())
        return failure;
    return Error::success();
  }

private:
  Error integer(int64_t &target, const Twine &key, std::optional<int64_t> preset = std::nullopt) {
    auto value = keys.integer(key, preset);
    if (!value)
      return value.takeError();
    target = *value;
    return Error::success();
  }

  Error architecture() {
    auto name = keys.text("general.architecture");
    if (!name)
      return name.takeError();
    if (*name != "phi3" && *name != "llama")
      return keys.error("general.architecture",
                        "'" + *name + "' is not supported; supported are phi3 and llama");
    config.architecture = name->str();
    prefix = name->str() + ".";
    const GgufValue *given = keys.find("general.name");
    const StringRef *text = given ? std::get_if<StringRef>(given) : nullptr;
    config.name = text ? text->str() : sys::path::stem(checkpoint.path).str();
    return Error::success();
  }

  Error sizes() {
    if (Error failure = integer(config.hidden, prefix + "embedding_length"))
      return failure;
    if (Error failure = integer(config.layers, prefix + "block_count"))
      return failure;
    if (Error failure = integer(config.intermediate, prefix + "feed_forward_length"))
      return failure;
    if (Error failure = integer(config.maxContext, prefix + "context_length"))
      return failure;
    const TensorInfo *embed = checkpoint.find("token_embd.weight");
    if (!embed || embed->shape.size() != 2)
      return createStringError("%s: tensor token_embd.weight: expected a matrix",
                               checkpoint.path.c_str());
    config.vocab = embed->shape[0];
    config.tiedEmbeddings = !checkpoint.find("output.weight");
    return Error::success();
  }

  Error attention() {
    if (Error failure = integer(config.heads, prefix + "attention.head_count"))
      return failure;
    if (Error failure = integer(config.kvHeads, prefix + "attention.head_count_kv", config.heads))
      return failure;
    if (config.heads < 1)
      return keys.error(prefix + "attention.head_count",
                        "expected at least 1, got " + Twine(config.heads));
    if (!keys.find(prefix + "attention.key_length") && config.hidden % config.heads != 0)
      return keys.error(prefix + "attention.head_count",
                        "expected a divisor of the embedding length " + Twine(config.hidden) +
                            ", got " + Twine(config.heads));
    if (Error failure =
            integer(config.headDim, prefix + "attention.key_length", config.hidden / config.heads))
      return failure;
    auto eps = keys.real(prefix + "attention.layer_norm_rms_epsilon");
    if (!eps)
      return eps.takeError();
    config.normEps = *eps;
    int64_t window = 0;
    if (Error failure = integer(window, prefix + "attention.sliding_window", 0))
      return failure;
    if (window < 0)
      return keys.error(prefix + "attention.sliding_window",
                        "expected 0 or more, got " + Twine(window));
    if (window > 0)
      config.slidingWindow = window;
    return Error::success();
  }

  Error rope() {
    RopeConfig &rope = config.rope;
    auto theta = keys.real(prefix + "rope.freq_base", 10000.0);
    if (!theta)
      return theta.takeError();
    rope.theta = *theta;
    if (Error failure = integer(rope.rotaryDim, prefix + "rope.dimension_count", config.headDim))
      return failure;
    return longRope();
  }

  Error longRope() {
    RopeConfig &rope = config.rope;
    if (!checkpoint.find("rope_factors_long.weight") &&
        !checkpoint.find("rope_factors_short.weight"))
      return attentionFactor();
    if (Error failure = factors(rope.longFactor, "rope_factors_long.weight"))
      return failure;
    if (Error failure = factors(rope.shortFactor, "rope_factors_short.weight"))
      return failure;
    if (Error failure =
            integer(rope.originalContext, prefix + "rope.scaling.original_context_length"))
      return failure;
    if (rope.originalContext < 2)
      return keys.error(prefix + "rope.scaling.original_context_length",
                        "expected at least 2, got " + Twine(rope.originalContext));
    return attentionFactor();
  }

  /// A file that gives none means what transformers computes from the lengths.
  Error attentionFactor() {
    RopeConfig &rope = config.rope;
    double computed = 1;
    if (rope.originalContext > 0 && config.maxContext > rope.originalContext) {
      double ratio = static_cast<double>(config.maxContext) / rope.originalContext;
      computed = std::sqrt(1 + std::log(ratio) / std::log(rope.originalContext));
    }
    auto factor = keys.real(prefix + "rope.scaling.attn_factor", computed);
    if (!factor)
      return factor.takeError();
    rope.attentionFactor = *factor;
    return Error::success();
  }

  Error factors(std::vector<double> &target, StringRef name) {
    const TensorInfo *tensor = checkpoint.find(name);
    if (!tensor || tensor->type != ElementType::F32 || tensor->shape.size() != 1 ||
        tensor->shape[0] != config.rope.rotaryDim / 2)
      return createStringError("%s: tensor %s: expected %lld f32 factors", checkpoint.path.c_str(),
                               name.str().c_str(),
                               static_cast<long long>(config.rope.rotaryDim / 2));
    std::vector<float> values(tensor->shape[0]);
    decodeElements(tensor->type, checkpoint.bytes(*tensor).data(), tensor->shape[0], values.data());
    target.assign(values.begin(), values.end());
    return Error::success();
  }

  Error tokens() {
    for (StringRef name : {"eos", "eot", "eom"})
      if (Error failure = stopId(("tokenizer.ggml." + name + "_token_id").str()))
        return failure;
    if (keys.find("tokenizer.ggml.bos_token_id")) {
      auto id = keys.integer("tokenizer.ggml.bos_token_id");
      if (!id)
        return id.takeError();
      if (*id < 0 || *id >= config.vocab)
        return keys.error("tokenizer.ggml.bos_token_id",
                          "expected an id below " + Twine(config.vocab) + ", got " + Twine(*id));
      generation.bosId = *id;
    }
    return namedStops();
  }

  Error stopId(const std::string &key) {
    if (!keys.find(key))
      return Error::success();
    auto id = keys.integer(key);
    if (!id)
      return id.takeError();
    if (*id < 0 || *id >= config.vocab)
      return keys.error(key, "expected an id below " + Twine(config.vocab) + ", got " + Twine(*id));
    addStop(*id);
    return Error::success();
  }

  /// A GGUF names one stop id; the family stops on others too, which a file shows by their names
  /// alone.
  Error namedStops() {
    const GgufValue *value = keys.find("tokenizer.ggml.tokens");
    auto *tokens = value ? std::get_if<std::vector<StringRef>>(value) : nullptr;
    if (!tokens)
      return Error::success();
    for (auto [id, token] : enumerate(*tokens))
      if (token == "<|endoftext|>" || token == "<|im_end|>" || token == "<|end|>")
        if (static_cast<int64_t>(id) < config.vocab)
          addStop(id);
    return Error::success();
  }

  void addStop(int64_t id) {
    if (!is_contained(generation.stopIds, id))
      generation.stopIds.push_back(id);
  }

  const GgufKeys &keys;
  const Checkpoint &checkpoint;
  ModelConfig &config;
  GenerationConfig &generation;
  std::string prefix;
};

} // namespace

Error readGgufConfig(const GgufMetadata &metadata, const Checkpoint &checkpoint,
                     ModelConfig &config, GenerationConfig &generation) {
  GgufKeys keys(metadata, checkpoint.path);
  return ConfigReader(keys, checkpoint, config, generation).read();
}

} // namespace phidias
