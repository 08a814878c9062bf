// config.json of Phi3ForCausalLM and LlamaForCausalLM. Defaults are those of transformers'
// configuration_phi3.py and configuration_llama.py.

#include "HfConfig.h"
#include "PhiInternal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace phidias {
namespace {

constexpr Range<int64_t> kSizes = {1, 1 << 24};
constexpr Range<int64_t> kLayers = {1, 4096};
constexpr Range<int64_t> kHeadDims = {2, 1 << 16};
constexpr Range<int64_t> kWindows = {1, INT32_MAX};

class ConfigReader {
public:
  ConfigReader(const json::Object &object, StringRef path, ModelConfig &config,
               std::vector<std::string> &warnings)
      : object(object), path(path), keys(object, path), config(config), warnings(warnings) {}

  Error read() {
    for (auto step : {&ConfigReader::architecture, &ConfigReader::refusals, &ConfigReader::sizes,
                      &ConfigReader::heads, &ConfigReader::attention, &ConfigReader::rope})
      if (Error failure = (this->*step)())
        return failure;
    return Error::success();
  }

private:
  Error architecture() {
    if (Error failure = keys.text(config.architecture, "model_type"))
      return failure;
    if (const json::Value *names = keys.find("architectures"))
      if (Error failure = checkArchitectures(names->getAsArray()))
        return failure;
    if (config.architecture.empty())
      return keys.error("model_type", "is missing");
    if (config.architecture != "phi3" && config.architecture != "llama")
      return keys.error("model_type", "'" + config.architecture +
                                          "' is not supported; supported are phi3 and llama");
    return Error::success();
  }

  Error checkArchitectures(const json::Array *names) {
    auto name = names && names->size() == 1 ? (*names)[0].getAsString() : std::nullopt;
    if (!name)
      return keys.wrong("architectures", "an array of one name");
    std::string type = StringSwitch<std::string>(*name)
                           .Case("Phi3ForCausalLM", "phi3")
                           .Case("LlamaForCausalLM", "llama")
                           .Default("");
    if (type.empty())
      return keys.error(
          "architectures",
          "'" + *name + "' is not supported; supported are Phi3ForCausalLM and LlamaForCausalLM");
    if (config.architecture.empty())
      config.architecture = type;
    if (config.architecture != type)
      return keys.error("architectures", "expected the architecture of model_type '" +
                                             config.architecture + "', got '" + *name + "'");
    return Error::success();
  }

  Error refusals() {
    for (StringRef key : {"attention_bias", "mlp_bias", "lm_head_bias"}) {
      bool given = false;
      if (Error failure = keys.boolean(given, key))
        return failure;
      if (given)
        return keys.error(key, "biases are not supported");
    }
    std::string activation = "silu";
    if (Error failure = keys.text(activation, "hidden_act"))
      return failure;
    if (activation != "silu")
      return keys.error("hidden_act", "'" + activation + "' is not supported; supported is silu");
    if (keys.find("quantization_config"))
      return keys.error("quantization_config", "quantised weights are not supported here");
    return Error::success();
  }

  Error sizes() {
    struct {
      StringLiteral key;
      int64_t &target;
      Range<int64_t> range;
    } all[] = {{"hidden_size", config.hidden, kSizes},
               {"num_hidden_layers", config.layers, kLayers},
               {"intermediate_size", config.intermediate, kSizes},
               {"vocab_size", config.vocab, kSizes},
               {"num_attention_heads", config.heads, kSizes}};
    for (auto &size : all) {
      if (Error failure = keys.require(size.key))
        return failure;
      if (Error failure = keys.integer(size.target, size.key, size.range))
        return failure;
    }
    config.maxContext = config.architecture == "phi3" ? 4096 : 2048;
    return keys.integer(config.maxContext, "max_position_embeddings", kSizes);
  }

  Error heads() {
    config.kvHeads = config.heads;
    if (Error failure = keys.integer(config.kvHeads, "num_key_value_heads", {1, config.heads}))
      return failure;
    if (config.heads % config.kvHeads != 0)
      return keys.wrong("num_key_value_heads", "a divisor of " + Twine(config.heads) + " heads");
    if (keys.find("head_dim"))
      return keys.integer(config.headDim, "head_dim", kHeadDims);
    if (config.hidden % config.heads != 0)
      return keys.wrong("hidden_size", "a multiple of " + Twine(config.heads) + " heads");
    config.headDim = config.hidden / config.heads;
    return Error::success();
  }

  Error attention() {
    config.normEps = config.architecture == "phi3" ? 1e-5 : 1e-6;
    if (Error failure = keys.real(config.normEps, "rms_norm_eps", {0, 1}))
      return failure;
    if (Error failure = keys.boolean(config.tiedEmbeddings, "tie_word_embeddings"))
      return failure;
    // transformers' Llama has no window, whatever the file says.
    if (config.architecture != "phi3" || !keys.find("sliding_window"))
      return Error::success();
    return keys.integer(config.slidingWindow.emplace(), "sliding_window", kWindows);
  }

  Error rope() { return readHfRope(keys, object, path, config, warnings); }

  const json::Object &object;
  std::string path;
  JsonKeys keys;
  ModelConfig &config;
  std::vector<std::string> &warnings;
};

std::string folderName(StringRef folder) {
  SmallString<256> real;
  if (sys::fs::real_path(folder, real))
    return folder.str();
  return sys::path::filename(real).str();
}

} // namespace

std::string folderFile(StringRef folder, StringRef name) {
  SmallString<256> path(folder);
  sys::path::append(path, name);
  return path.str().str();
}

Error readHfConfig(StringRef folder, ModelConfig &config, GenerationConfig &generation,
                   std::vector<std::string> &warnings) {
  std::string path = folderFile(folder, "config.json");
  auto object = readJsonObject(path);
  if (!object)
    return object.takeError();
  config.name = folderName(folder);
  if (Error failure = ConfigReader(*object, path, config, warnings).read())
    return failure;
  if (Error failure = checkConfig(config, path))
    return failure;
  return readHfGeneration(JsonKeys(*object, path), folder, config, generation);
}

} // namespace phidias
