// Weights by transformers' names: Phi-3's fused ones, Llama's stacked; what is missing, misshapen
// or left over is an error that names the tensor.

#include "HfFolder.h"

using namespace phidias;
using namespace phidias::test;

TEST(HfWeights, TakesPhi3sFusedTensors) {
  auto model = HfFolder().read();
  ASSERT_TRUE(bool(model)) << llvm::toString(model.takeError());
  const LayerWeights &layer = model->weights.layers[0];
  ASSERT_EQ(layer.qkv.parts.size(), 1u);
  EXPECT_EQ(layer.qkv.rows, 16);
  EXPECT_EQ(layer.gateUp.rows, 12);
  EXPECT_EQ(layer.down.cols, 6);
  EXPECT_TRUE(model->weights.head.has_value());
}

TEST(HfWeights, StacksLlamasTensorsUnpermuted) {
  auto model = HfFolder("llama").read();
  ASSERT_TRUE(bool(model)) << llvm::toString(model.takeError());
  const Weight &qkv = model->weights.layers[0].qkv;
  ASSERT_EQ(qkv.parts.size(), 3u);
  EXPECT_EQ(qkv.rows, 16);
  EXPECT_EQ(qkv.parts[0].tensor->name, "model.layers.0.self_attn.q_proj.weight");
  EXPECT_EQ(qkv.parts[1].rows, 4);
  for (const WeightPart &part : qkv.parts)
    EXPECT_EQ(part.permutedHeads, 0);
  EXPECT_EQ(model->weights.layers[0].gateUp.parts[1].tensor->name,
            "model.layers.0.mlp.up_proj.weight");
}

// transformers 5, tie_weights: equal weights are tied, different ones are not, and where one of the
// two is missing the other stands for both.

TEST(HfWeights, TiesAHeadThatIsEqualOrAbsent) {
  HfFolder equal, absent;
  absent.tensors.erase(absent.tensors.begin() + 2);
  for (HfFolder *folder : {&equal, &absent}) {
    folder->set("tie_word_embeddings", true);
    auto model = folder->read();
    ASSERT_TRUE(bool(model)) << llvm::toString(model.takeError());
    EXPECT_FALSE(model->weights.head.has_value());
    EXPECT_TRUE(model->config.tiedEmbeddings);
    EXPECT_TRUE(model->warnings.empty());
  }
}

TEST(HfWeights, TakesAHeadThatDiffersThoughTheConfigTiesIt) {
  HfFolder folder;
  folder.set("tie_word_embeddings", true);
  folder.tensors[2].fill = 1;
  auto model = folder.read();
  ASSERT_TRUE(bool(model)) << llvm::toString(model.takeError());
  ASSERT_TRUE(model->weights.head.has_value());
  EXPECT_EQ(model->weights.head->parts[0].tensor->name, "lm_head.weight");
  EXPECT_FALSE(model->config.tiedEmbeddings);
  ASSERT_EQ(model->warnings.size(), 1u);
  EXPECT_MENTIONS(model->warnings[0], "tensor lm_head.weight: differs from the embedding");
}

TEST(HfWeights, TakesTheHeadForAnEmbeddingThatIsMissing) {
  HfFolder folder;
  folder.set("tie_word_embeddings", true);
  folder.tensors.erase(folder.tensors.begin());
  auto model = folder.read();
  ASSERT_TRUE(bool(model)) << llvm::toString(model.takeError());
  EXPECT_EQ(model->weights.embed.parts[0].tensor->name, "lm_head.weight");
  EXPECT_FALSE(model->weights.head.has_value());
}

TEST(HfWeights, ComparesTheHeadByValueWhereTypesDiffer) {
  for (bool differs : {false, true}) {
    HfFolder folder;
    folder.set("tie_word_embeddings", true);
    folder.tensors[2].dtype = "BF16";
    folder.tensors[2].fill = differs ? 1 : 0;
    auto model = folder.read();
    ASSERT_TRUE(bool(model)) << llvm::toString(model.takeError());
    EXPECT_EQ(model->weights.head.has_value(), differs);
  }
}

TEST(HfWeights, NamesWhatIsMissing) {
  HfFolder folder;
  folder.tensors.erase(folder.tensors.begin() + 2);
  EXPECT_MENTIONS(messageOf(folder.read()), "tensor lm_head.weight: is missing");
}

TEST(HfWeights, NamesWhatHasAnotherShape) {
  HfFolder folder;
  folder.tensors[0].shape = {11, 8};
  EXPECT_MENTIONS(messageOf(folder.read()),
                  "tensor model.embed_tokens.weight: expected shape [10, 8], got [11, 8]");
}

TEST(HfWeights, RefusesWhatNothingUses) {
  HfFolder bias, other;
  bias.tensors.push_back({"model.layers.0.self_attn.qkv_proj.bias", {16}});
  EXPECT_MENTIONS(messageOf(bias.read()), "qkv_proj.bias: biases are not supported");
  other.tensors.push_back({"model.layers.1.input_layernorm.weight", {8}});
  EXPECT_MENTIONS(messageOf(other.read()), "is no part of a supported model");
}
