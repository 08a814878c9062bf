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

TEST(HfWeights, TiesTheHeadAsTransformersDoes) {
  HfFolder folder;
  folder.set("tie_word_embeddings", true);
  auto model = folder.read();
  ASSERT_TRUE(bool(model)) << llvm::toString(model.takeError());
  EXPECT_FALSE(model->weights.head.has_value());
  ASSERT_EQ(model->warnings.size(), 1u);
  EXPECT_MENTIONS(model->warnings[0], "lm_head.weight is ignored");
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
