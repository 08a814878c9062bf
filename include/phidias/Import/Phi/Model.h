#pragma once
/// A model of the Phi family as an importer understands it, whichever format it came in: the
/// configuration, and for each weight of the computation the tensors that make it up.

#include "phidias/Import/Checkpoint.h"
#include "phidias/Import/Gguf/Metadata.h"
#include <optional>

namespace phidias {

struct RopeConfig {
  double theta = 10000;
  int64_t rotaryDim = 0; ///< channels of a head that turn; the rest pass through
  std::vector<double> shortFactor, longFactor; ///< LongRoPE, rotaryDim / 2 each; empty: plain RoPE
  int64_t originalContext = 0;                 ///< LongRoPE's boundary; 0: plain RoPE
  double attentionFactor = 1;                  ///< multiplies cos and sin
};

struct ModelConfig {
  std::string name;         ///< for people: the folder's or file's name, or general.name
  std::string architecture; ///< "phi3" or "llama"
  int64_t hidden = 0, layers = 0, heads = 0, kvHeads = 0, headDim = 0, intermediate = 0, vocab = 0;
  int64_t maxContext = 0; ///< max_position_embeddings
  double normEps = 1e-5;
  std::optional<int64_t> slidingWindow; ///< a position sees itself and the window - 1 before it
  bool tiedEmbeddings = false;
  RopeConfig rope;
};

/// In transformers' terms, with its defaults.
struct GenerationConfig {
  std::vector<int64_t> stopIds; ///< of config.json and generation_config.json both
  std::optional<int64_t> bosId, padId;
  bool doSample = false;
  double temperature = 1, topP = 1, minP = 0, repetitionPenalty = 1;
  int64_t topK = 50;
};

/// Rows [firstRow, firstRow + rows) of a checkpoint tensor as rows of a weight.
struct WeightPart {
  const TensorInfo *tensor = nullptr;
  int64_t firstRow = 0;
  int64_t rows = 0;
  /// Greater than 0: GGUF's llama arch stores these rows permuted for interleaved RoPE over so many
  /// heads; row h*d + j*d/2 + i of the weight (j < 2, i < d/2) is row h*d + 2*i + j of the part.
  int64_t permutedHeads = 0;
};

/// A matrix [rows, cols] made of parts stacked along rows; for norms, rows == 1.
struct Weight {
  llvm::SmallVector<WeightPart, 3> parts;
  int64_t rows = 0, cols = 0;
};

struct LayerWeights {
  Weight inputNorm;
  Weight qkv; ///< q, k, v rows, rotate-half order, whatever the file has
  Weight o;
  Weight postNorm;
  Weight gateUp; ///< gate rows, then up rows
  Weight down;
};

struct ModelWeights {
  Weight embed;
  std::vector<LayerWeights> layers;
  Weight finalNorm;
  std::optional<Weight> head; ///< absent: tied to embed
};

/// Everything that was read from a folder or a file.
struct Model {
  Checkpoint checkpoint;
  ModelConfig config;
  GenerationConfig generation;
  ModelWeights weights;               ///< points into checkpoint.tensors
  std::unique_ptr<GgufMetadata> gguf; ///< of a GGUF file, else null
  /// For a Hugging Face folder: paths of the text files, empty where absent.
  std::string tokenizerJson, tokenizerConfigJson, chatTemplateFile;
  std::vector<std::string> warnings;
};

/// Reads a Hugging Face folder or a .gguf file. What is not supported is an error that names it.
llvm::Expected<Model> readModel(llvm::StringRef path);

/// As readModel, but what is not supported is collected in `unsupported` instead: for `phidias
/// inspect`.
llvm::Expected<Model> readModelLeniently(llvm::StringRef path,
                                         std::vector<std::string> &unsupported);

} // namespace phidias
