// Tensors by transformers' names. Phi3ForCausalLM keeps q, k, v and gate, up together;
// LlamaForCausalLM keeps them apart. Rows are in rotate-half order in both.

#include "PhiInternal.h"

using namespace llvm;

namespace phidias {
namespace {

class Finder {
public:
  Finder(const Checkpoint &checkpoint, const ModelConfig &config,
         std::vector<std::string> &warnings)
      : checkpoint(checkpoint), finder(checkpoint), config(config), warnings(warnings) {}

  Error find(ModelWeights &weights) {
    if (Error failure =
            matrix(weights.embed, "model.embed_tokens.weight", config.vocab, config.hidden))
      return failure;
    weights.layers.resize(config.layers);
    for (auto [i, layer] : enumerate(weights.layers))
      if (Error failure = findLayer(layer, "model.layers." + std::to_string(i) + "."))
        return failure;
    if (Error failure = finder.vector(weights.finalNorm, "model.norm.weight", config.hidden))
      return failure;
    if (Error failure = findHead(weights))
      return failure;
    return finder.checkAllUsed();
  }

private:
  Error matrix(Weight &weight, const Twine &name, int64_t rows, int64_t cols) {
    weight.cols = cols;
    return finder.append(weight, name, rows);
  }

  Error findLayer(LayerWeights &layer, const std::string &prefix) {
    if (Error failure =
            finder.vector(layer.inputNorm, prefix + "input_layernorm.weight", config.hidden))
      return failure;
    if (Error failure = findQkv(layer.qkv, prefix + "self_attn."))
      return failure;
    if (Error failure = matrix(layer.o, prefix + "self_attn.o_proj.weight", config.hidden,
                               config.heads * config.headDim))
      return failure;
    if (Error failure = finder.vector(layer.postNorm, prefix + "post_attention_layernorm.weight",
                                      config.hidden))
      return failure;
    if (Error failure = findGateUp(layer.gateUp, prefix + "mlp."))
      return failure;
    // Old files carry the frequencies, which transformers computes anew.
    finder.use(prefix + "self_attn.rotary_emb.inv_freq");
    return matrix(layer.down, prefix + "mlp.down_proj.weight", config.hidden, config.intermediate);
  }

  Error findQkv(Weight &qkv, const std::string &prefix) {
    int64_t queries = config.heads * config.headDim, keys = config.kvHeads * config.headDim;
    if (config.architecture == "phi3")
      return matrix(qkv, prefix + "qkv_proj.weight", queries + 2 * keys, config.hidden);
    if (Error failure = matrix(qkv, prefix + "q_proj.weight", queries, config.hidden))
      return failure;
    if (Error failure = finder.append(qkv, prefix + "k_proj.weight", keys))
      return failure;
    return finder.append(qkv, prefix + "v_proj.weight", keys);
  }

  Error findGateUp(Weight &gateUp, const std::string &prefix) {
    if (config.architecture == "phi3")
      return matrix(gateUp, prefix + "gate_up_proj.weight", 2 * config.intermediate, config.hidden);
    if (Error failure =
            matrix(gateUp, prefix + "gate_proj.weight", config.intermediate, config.hidden))
      return failure;
    return finder.append(gateUp, prefix + "up_proj.weight", config.intermediate);
  }

  Error findHead(ModelWeights &weights) {
    if (!config.tiedEmbeddings)
      return matrix(weights.head.emplace(), "lm_head.weight", config.vocab, config.hidden);
    if (finder.has("lm_head.weight"))
      warnings.push_back(checkpoint.path + ": tensor lm_head.weight is ignored: " +
                         "tie_word_embeddings is true, so the head is the embedding");
    finder.use("lm_head.weight");
    return Error::success();
  }

  const Checkpoint &checkpoint;
  WeightFinder finder;
  const ModelConfig &config;
  std::vector<std::string> &warnings;
};

} // namespace

Expected<ModelWeights> findHfWeights(const Checkpoint &checkpoint, const ModelConfig &config,
                                     std::vector<std::string> &warnings) {
  ModelWeights weights;
  if (Error failure = Finder(checkpoint, config, warnings).find(weights))
    return failure;
  return weights;
}

} // namespace phidias
