// Thousands of damaged copies of a small Hugging Face folder: each is read or refused in one line;
// none crashes, and of what is read every byte can be reached.

#include "../Folder.h"
#include "../Mutate.h"
#include <gtest/gtest.h>

using namespace phidias;
using namespace phidias::test;

namespace {

constexpr int kMutations = 500;

const std::string kConfig =
    R"({"architectures": ["Phi3ForCausalLM"], "model_type": "phi3", "hidden_act": "silu",
 "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 1, "num_attention_heads": 4,
 "num_key_value_heads": 2, "vocab_size": 20, "max_position_embeddings": 64, "rope_theta": 10000.0,
 "original_max_position_embeddings": 16, "partial_rotary_factor": 0.75, "rms_norm_eps": 1e-05,
 "rope_scaling": {"type": "longrope", "short_factor": [1.0, 1.1, 1.2],
 "long_factor": [1.0, 2.0, 3.5]}, "sliding_window": 11, "tie_word_embeddings": false,
 "eos_token_id": [1, 2], "torch_dtype": "float32"})";

std::string tinyWeights() {
  const std::string layer = "model.layers.0.";
  return safetensorsOf({{"model.embed_tokens.weight", {20, 32}},
                        {layer + "input_layernorm.weight", {32}},
                        {layer + "self_attn.qkv_proj.weight", {64, 32}},
                        {layer + "self_attn.o_proj.weight", {32, 32}},
                        {layer + "post_attention_layernorm.weight", {32}},
                        {layer + "mlp.gate_up_proj.weight", {96, 32}},
                        {layer + "mlp.down_proj.weight", {32, 48}},
                        {"model.norm.weight", {32}},
                        {"lm_head.weight", {20, 32}}});
}

void fuzz(const std::string &name, const std::string &whole, size_t front, uint32_t seed) {
  Folder folder;
  folder.write("config.json", kConfig);
  folder.write("model.safetensors", tinyWeights());
  auto intact = readModel(folder.path());
  ASSERT_TRUE(bool(intact)) << messageOf(std::move(intact));
  Mutator mutator(seed);
  int read = 0;
  for (int i = 0; i < kMutations; ++i) {
    folder.write(name, mutator.mutate(whole, front));
    auto model = readModel(folder.path());
    if (model)
      ++read, touchAll(*model);
    else
      expectOneLine(llvm::toString(model.takeError()), seed, i);
  }
  EXPECT_LT(read, kMutations * 9 / 10);
}

TEST(FuzzFolder, Config) { fuzz("config.json", kConfig, kConfig.size(), 3); }
TEST(FuzzFolder, Weights) { fuzz("model.safetensors", tinyWeights(), 900, 4); }

TEST(FuzzFolder, Generation) {
  std::string text = R"({"eos_token_id": [1, 2, 3], "bos_token_id": 0, "temperature": 0.7})";
  fuzz("generation_config.json", text, text.size(), 5);
}

} // namespace
