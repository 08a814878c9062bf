// Tensors by GGUF's names. The phi3 arch keeps q, k, v and gate, up together (or apart); the llama
// arch keeps them apart and permutes the rows of q and k for interleaved RoPE.

#include "PhiInternal.h"

using namespace llvm;

namespace phidias {
namespace {

class Finder {
public:
  Finder(const Checkpoint &checkpoint, const ModelConfig &config)
      : finder(checkpoint), config(config), permutes(config.architecture == "llama") {}

  Error find(ModelWeights &weights) {
    weights.embed.cols = config.hidden;
    if (Error failure = finder.append(weights.embed, "token_embd.weight", config.vocab))
      return failure;
    weights.layers.resize(config.layers);
    for (auto [i, layer] : enumerate(weights.layers))
      if (Error failure = findLayer(layer, "blk." + std::to_string(i) + "."))
        return failure;
    if (Error failure = finder.vector(weights.finalNorm, "output_norm.weight", config.hidden))
      return failure;
    if (!config.tiedEmbeddings) {
      weights.head.emplace().cols = config.hidden;
      if (Error failure = finder.append(*weights.head, "output.weight", config.vocab))
        return failure;
    }
    finder.use("rope_factors_long.weight");
    finder.use("rope_factors_short.weight");
    return finder.checkAllUsed();
  }

private:
  Error findLayer(LayerWeights &layer, const std::string &prefix) {
    if (Error failure = finder.vector(layer.inputNorm, prefix + "attn_norm.weight", config.hidden))
      return failure;
    if (Error failure = findQkv(layer.qkv, prefix))
      return failure;
    layer.o.cols = config.heads * config.headDim;
    if (Error failure = finder.append(layer.o, prefix + "attn_output.weight", config.hidden))
      return failure;
    if (Error failure = finder.vector(layer.postNorm, prefix + "ffn_norm.weight", config.hidden))
      return failure;
    if (Error failure = findGateUp(layer.gateUp, prefix))
      return failure;
    layer.down.cols = config.intermediate;
    return finder.append(layer.down, prefix + "ffn_down.weight", config.hidden);
  }

  Error findQkv(Weight &qkv, const std::string &prefix) {
    qkv.cols = config.hidden;
    int64_t queries = config.heads * config.headDim, keys = config.kvHeads * config.headDim;
    // Nobody writes llama files with fused rows: how theirs would be permuted is not defined.
    if (!permutes && finder.has(prefix + "attn_qkv.weight"))
      return finder.append(qkv, prefix + "attn_qkv.weight", queries + 2 * keys);
    if (Error failure =
            finder.append(qkv, prefix + "attn_q.weight", queries, permutes ? config.heads : 0))
      return failure;
    if (Error failure =
            finder.append(qkv, prefix + "attn_k.weight", keys, permutes ? config.kvHeads : 0))
      return failure;
    return finder.append(qkv, prefix + "attn_v.weight", keys);
  }

  Error findGateUp(Weight &gateUp, const std::string &prefix) {
    gateUp.cols = config.hidden;
    if (!permutes && !finder.has(prefix + "ffn_gate.weight"))
      return finder.append(gateUp, prefix + "ffn_up.weight", 2 * config.intermediate);
    if (Error failure = finder.append(gateUp, prefix + "ffn_gate.weight", config.intermediate))
      return failure;
    return finder.append(gateUp, prefix + "ffn_up.weight", config.intermediate);
  }

  WeightFinder finder;
  const ModelConfig &config;
  bool permutes;
};

} // namespace

Expected<ModelWeights> findGgufWeights(const Checkpoint &checkpoint, const ModelConfig &config) {
  ModelWeights weights;
  if (Error failure = Finder(checkpoint, config).find(weights))
    return failure;
  return weights;
}

} // namespace phidias
