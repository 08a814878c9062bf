#pragma once
/// The steps that readModel is made of.

#include "TensorNames.h"
#include "phidias/Import/Phi/Model.h"

namespace phidias {

/// GGUF keys → configuration and generation defaults; `checkpoint` holds LongRoPE's factor tensors.
llvm::Error readGgufConfig(const GgufMetadata &metadata, const Checkpoint &checkpoint,
                           ModelConfig &config, GenerationConfig &generation);
/// An error naming the first key or tensor that would change the result and is not supported.
llvm::Error checkGgufSupport(const GgufMetadata &metadata, const Checkpoint &checkpoint,
                             const ModelConfig &config);
/// config.json and generation_config.json of a folder → configuration and generation defaults.
llvm::Error readHfConfig(llvm::StringRef folder, ModelConfig &config, GenerationConfig &generation,
                         std::vector<std::string> &warnings);
/// Tensors by the format's names → weights. Where a head differs from the embedding that it is tied
/// to, says so in `warnings` and unties it in `config`.
llvm::Expected<ModelWeights> findWeights(const Checkpoint &checkpoint, const TensorNames &names,
                                         ModelConfig &config, std::vector<std::string> &warnings);

/// Sizes are positive and below what any model has, heads divide, RoPE fits: errors name `path` and
/// the value.
llvm::Error checkConfig(const ModelConfig &config, llvm::StringRef path);

/// Finds tensors by name and checks their shapes; remembers which were used.
class WeightFinder {
public:
  explicit WeightFinder(const Checkpoint &checkpoint) : checkpoint(checkpoint) {}

  bool has(llvm::StringRef name) const { return checkpoint.find(name) != nullptr; }
  /// Appends tensor `name`, which must be [rows, weight.cols], to the weight.
  llvm::Error append(Weight &weight, const llvm::Twine &name, int64_t rows,
                     int64_t permutedHeads = 0);
  /// The vector `name` of `size` elements as a [1, size] weight.
  llvm::Error vector(Weight &weight, const llvm::Twine &name, int64_t size);
  /// Marks a tensor as read elsewhere.
  void use(llvm::StringRef name);
  /// An error that names a tensor which nothing used: ignoring it could change the result.
  llvm::Error checkAllUsed() const;

private:
  llvm::Expected<const TensorInfo *> require(const std::string &name);
  llvm::Error tensorError(const std::string &name, const llvm::Twine &what) const;

  const Checkpoint &checkpoint;
  llvm::StringMap<bool> used;
};

} // namespace phidias
