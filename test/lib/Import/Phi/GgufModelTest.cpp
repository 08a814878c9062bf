// A GGUF file becomes the configuration and weights that its keys and names say, for both archs.

#include "../ReaderFiles.h"
#include "phidias/Import/Phi/Model.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace phidias;
using namespace phidias::test;

namespace {

class GgufModel : public ::testing::Test {
protected:
  Model read(const GgufParts &parts) {
    auto model = readModel(writeFile(folder, "m.gguf", parts.encode()));
    if (!model) {
      ADD_FAILURE() << llvm::toString(model.takeError());
      return {};
    }
    return std::move(*model);
  }
  Folder folder;
};

std::vector<std::string> namesOf(const Weight &weight) {
  std::vector<std::string> names;
  for (const WeightPart &part : weight.parts)
    names.push_back(part.tensor->name);
  return names;
}

TEST_F(GgufModel, ReadsTheConfiguration) {
  GgufParts parts = tinyGguf("phi3");
  parts.set("phi3.attention.sliding_window", u32(11));
  parts.set("tokenizer.ggml.bos_token_id", u32(3));
  Model model = read(parts);
  const ModelConfig &c = model.config;
  EXPECT_EQ(c.architecture, "phi3");
  EXPECT_EQ(c.name, "m");
  EXPECT_EQ(c.hidden, 32);
  EXPECT_EQ(c.layers, 2);
  EXPECT_EQ(c.heads, 4);
  EXPECT_EQ(c.kvHeads, 2);
  EXPECT_EQ(c.headDim, 8);
  EXPECT_EQ(c.intermediate, 48);
  EXPECT_EQ(c.vocab, 20);
  EXPECT_EQ(c.maxContext, 64);
  EXPECT_EQ(c.slidingWindow, 11);
  EXPECT_FLOAT_EQ(c.normEps, 1e-5f);
  EXPECT_EQ(c.rope.theta, 250000);
  EXPECT_EQ(c.rope.rotaryDim, 8);
  EXPECT_TRUE(c.rope.longFactor.empty());
  EXPECT_EQ(c.rope.attentionFactor, 1);
  EXPECT_FALSE(c.tiedEmbeddings);
  EXPECT_EQ(model.generation.stopIds, (std::vector<int64_t>{2, 5})); // eos, and <|end|> by name
  EXPECT_EQ(model.generation.bosId, 3);
  EXPECT_NE(model.gguf, nullptr);
}

TEST_F(GgufModel, TakesPhi3RowsAsTheyAre) {
  Model model = read(tinyGguf("phi3"));
  ASSERT_EQ(model.weights.layers.size(), 2u);
  const LayerWeights &layer = model.weights.layers[1];
  EXPECT_EQ(namesOf(layer.qkv), std::vector<std::string>{"blk.1.attn_qkv.weight"});
  EXPECT_EQ(layer.qkv.rows, 64);
  EXPECT_EQ(layer.qkv.parts[0].permutedHeads, 0);
  EXPECT_EQ(namesOf(layer.gateUp), std::vector<std::string>{"blk.1.ffn_up.weight"});
  EXPECT_EQ(layer.gateUp.rows, 96);
  EXPECT_EQ(layer.down.cols, 48);
  ASSERT_TRUE(model.weights.head);
  EXPECT_EQ(model.weights.head->rows, 20);
}

TEST_F(GgufModel, TakesPhi3RowsApart) {
  GgufParts parts = tinyGguf("phi3");
  for (FileTensor &tensor : parts.tensors)
    if (tensor.name == "blk.0.attn_qkv.weight")
      tensor = f32Tensor("blk.0.attn_q.weight", {32, 32});
  parts.tensors.push_back(f32Tensor("blk.0.attn_k.weight", {16, 32}));
  parts.tensors.push_back(f32Tensor("blk.0.attn_v.weight", {16, 32}));
  Model model = read(parts);
  ASSERT_EQ(model.weights.layers.size(), 2u);
  const Weight &qkv = model.weights.layers[0].qkv;
  EXPECT_EQ(namesOf(qkv), (std::vector<std::string>{"blk.0.attn_q.weight", "blk.0.attn_k.weight",
                                                    "blk.0.attn_v.weight"}));
  for (const WeightPart &part : qkv.parts)
    EXPECT_EQ(part.permutedHeads, 0);
}

TEST_F(GgufModel, MarksThePermutedRowsOfLlama) {
  GgufParts parts = tinyGguf("llama");
  std::erase_if(parts.tensors, [](const FileTensor &t) { return t.name == "output.weight"; });
  Model model = read(parts);
  EXPECT_TRUE(model.config.tiedEmbeddings);
  EXPECT_FALSE(model.weights.head);
  ASSERT_EQ(model.weights.layers.size(), 2u);
  const LayerWeights &layer = model.weights.layers[0];
  ASSERT_EQ(layer.qkv.parts.size(), 3u);
  EXPECT_EQ(layer.qkv.parts[0].permutedHeads, 4);
  EXPECT_EQ(layer.qkv.parts[1].permutedHeads, 2);
  EXPECT_EQ(layer.qkv.parts[2].permutedHeads, 0);
  EXPECT_EQ(namesOf(layer.gateUp),
            (std::vector<std::string>{"blk.0.ffn_gate.weight", "blk.0.ffn_up.weight"}));
}

TEST_F(GgufModel, ReadsLongRopeOverPartOfAHead) {
  GgufParts parts = tinyGguf("phi3");
  parts.set("phi3.rope.dimension_count", u32(6));
  parts.set("phi3.rope.scaling.original_context_length", u32(16));
  parts.tensors.push_back(f32Tensor("rope_factors_long.weight", {3}));
  parts.tensors.push_back(f32Tensor("rope_factors_short.weight", {3}));
  parts.tensor("rope_factors_long.weight").bytes =
      little(0x3f800000, 4) + little(0x40000000, 4) + little(0x40400000, 4);
  parts.tensor("rope_factors_short.weight").bytes =
      little(0x3f800000, 4) + little(0x3f800000, 4) + little(0x3fc00000, 4);
  Model model = read(parts);
  EXPECT_EQ(model.config.rope.rotaryDim, 6);
  EXPECT_EQ(model.config.rope.longFactor, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(model.config.rope.shortFactor, (std::vector<double>{1, 1, 1.5}));
  EXPECT_EQ(model.config.rope.originalContext, 16);
  // sqrt(1 + ln(64 / 16) / ln(16)) = sqrt(1.5)
  EXPECT_DOUBLE_EQ(model.config.rope.attentionFactor, std::sqrt(1.5));
  parts.set("phi3.rope.scaling.attn_factor", f32(1.25f));
  EXPECT_EQ(read(parts).config.rope.attentionFactor, 1.25);
}

TEST_F(GgufModel, FindsTheBytesOfATensor) {
  GgufParts parts = tinyGguf("llama");
  Model model = read(parts);
  const TensorInfo *tensor = model.checkpoint.find("blk.1.ffn_down.weight");
  ASSERT_NE(tensor, nullptr);
  EXPECT_EQ(llvm::toStringRef(model.checkpoint.bytes(*tensor)),
            parts.tensor("blk.1.ffn_down.weight").bytes);
}

} // namespace
