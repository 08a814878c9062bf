// The weights of a model by the names of its format.

#include "PhiInternal.h"
#include "SameValues.h"
#include <numeric>

using namespace llvm;

namespace phidias {
namespace {

class Finder {
public:
  Finder(const Checkpoint &checkpoint, const TensorNames &names, ModelConfig &config,
         std::vector<std::string> &warnings)
      : checkpoint(checkpoint), finder(checkpoint), names(names), config(config),
        warnings(warnings) {}

  Error find(ModelWeights &weights) {
    if (Error failure = matrix(weights.embed, embedName(), config.vocab, config.hidden))
      return failure;
    weights.layers.resize(config.layers);
    for (auto [i, layer] : enumerate(weights.layers))
      if (Error failure = findLayer(layer, (names.layer + Twine(i) + ".").str()))
        return failure;
    if (Error failure = finder.vector(weights.finalNorm, names.finalNorm, config.hidden))
      return failure;
    if (Error failure = findHead(weights))
      return failure;
    for (StringRef name : names.elsewhere)
      finder.use(name);
    return finder.checkAllUsed();
  }

private:
  Error matrix(Weight &weight, const Twine &name, int64_t rows, int64_t cols) {
    weight.cols = cols;
    return finder.append(weight, name, rows);
  }

  Error findLayer(LayerWeights &layer, const std::string &prefix) {
    int64_t hidden = config.hidden, attended = config.heads * config.headDim;
    if (Error failure = finder.vector(layer.inputNorm, prefix + names.inputNorm, hidden))
      return failure;
    if (Error failure = findQkv(layer.qkv, prefix))
      return failure;
    if (Error failure = matrix(layer.o, prefix + names.o, hidden, attended))
      return failure;
    if (Error failure = finder.vector(layer.postNorm, prefix + names.postNorm, hidden))
      return failure;
    int64_t rows[] = {config.intermediate, config.intermediate}, unpermuted[] = {0, 0};
    if (Error failure = findStack(layer.gateUp, names.gateUp, prefix, rows, unpermuted))
      return failure;
    for (StringRef name : names.elsewhereInLayer)
      finder.use(prefix + name.str());
    return matrix(layer.down, prefix + names.down, hidden, config.intermediate);
  }

  Error findQkv(Weight &qkv, const std::string &prefix) {
    int64_t queries = config.heads * config.headDim, keys = config.kvHeads * config.headDim;
    int64_t rows[] = {queries, keys, keys}, permutedHeads[] = {0, 0, 0};
    if (names.permuted)
      permutedHeads[0] = config.heads, permutedHeads[1] = config.kvHeads;
    return findStack(qkv, names.qkv, prefix, rows, permutedHeads);
  }

  Error findStack(Weight &weight, const StackNames &stack, const std::string &prefix,
                  ArrayRef<int64_t> rows, ArrayRef<int64_t> permutedHeads) {
    weight.cols = config.hidden;
    bool apart = stack.fused.empty() ||
                 (!stack.parts.empty() && finder.has(prefix + stack.parts.front().str()));
    if (!apart)
      return finder.append(weight, prefix + stack.fused,
                           std::accumulate(rows.begin(), rows.end(), int64_t(0)));
    for (auto [part, count, heads] : zip_equal(stack.parts, rows, permutedHeads))
      if (Error failure = finder.append(weight, prefix + part, count, heads))
        return failure;
    return Error::success();
  }

  /// Of two tied tensors either may stand for both.
  StringRef embedName() {
    bool headAlone = config.tiedEmbeddings && !finder.has(names.embed) && finder.has(names.head);
    return headAlone ? names.head : names.embed;
  }

  /// As transformers 5 ties them (tie_weights in modeling_utils.py): a head that is there and
  /// differs from the embedding is the head, whatever the configuration says.
  Error findHead(ModelWeights &weights) {
    if (config.tiedEmbeddings && !finder.has(names.head))
      return Error::success();
    Weight head;
    if (Error failure = matrix(head, names.head, config.vocab, config.hidden))
      return failure;
    if (config.tiedEmbeddings &&
        sameValues(checkpoint, *weights.embed.parts[0].tensor, *head.parts[0].tensor))
      return Error::success();
    if (config.tiedEmbeddings)
      warnings.push_back(checkpoint.path + ": tensor " + names.head.str() +
                         ": differs from the embedding, so it is the head, though " +
                         "tie_word_embeddings is true");
    config.tiedEmbeddings = false;
    weights.head = std::move(head);
    return Error::success();
  }

  const Checkpoint &checkpoint;
  WeightFinder finder;
  const TensorNames &names;
  ModelConfig &config;
  std::vector<std::string> &warnings;
};

} // namespace

Expected<ModelWeights> findWeights(const Checkpoint &checkpoint, const TensorNames &names,
                                   ModelConfig &config, std::vector<std::string> &warnings) {
  ModelWeights weights;
  if (Error failure = Finder(checkpoint, names, config, warnings).find(weights))
    return failure;
  return weights;
}

} // namespace phidias
