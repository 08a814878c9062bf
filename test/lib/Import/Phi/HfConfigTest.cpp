// config.json in both spellings, with transformers' defaults; what is not supported or absurd is an
// error that names file and key. Numbers of LongRoPE: transformers' _compute_longrope_parameters.

#include "HfFolder.h"

using namespace phidias;
using namespace phidias::test;

static Model modelOf(const HfFolder &folder) {
  auto model = folder.read();
  if (model)
    return std::move(*model);
  ADD_FAILURE() << llvm::toString(model.takeError());
  return {};
}

TEST(HfConfig, ReadsSizesAndDefaults) {
  Model model = modelOf(HfFolder());
  EXPECT_EQ(model.config.architecture, "phi3");
  EXPECT_EQ(model.config.headDim, 4);
  EXPECT_EQ(model.config.kvHeads, 1);
  EXPECT_EQ(model.config.maxContext, 64);
  EXPECT_EQ(model.config.normEps, 1e-5);
  EXPECT_EQ(model.config.rope.theta, 10000);
  EXPECT_EQ(model.config.rope.rotaryDim, 4);
  EXPECT_FALSE(model.config.slidingWindow);
  EXPECT_EQ(model.generation.stopIds, std::vector<int64_t>{1});
  EXPECT_EQ(modelOf(HfFolder("llama")).config.normEps, 1e-6);
}

TEST(HfConfig, ReadsBothSpellingsOfRope) {
  HfFolder before, after;
  for (HfFolder *folder : {&before, &after})
    folder->set("original_max_position_embeddings", 16);
  before.set("rope_theta", 250000);
  before.set("partial_rotary_factor", 0.5);
  before.setText("rope_scaling", R"({"type": "su", "short_factor": [1.5], "long_factor": [3]})");
  after.setText("rope_parameters", R"({"rope_type": "longrope", "rope_theta": 250000.0,
    "partial_rotary_factor": 0.5, "short_factor": [1.5], "long_factor": [3],
    "original_max_position_embeddings": 16})");
  for (HfFolder *folder : {&before, &after}) {
    RopeConfig rope = modelOf(*folder).config.rope;
    EXPECT_EQ(rope.theta, 250000);
    EXPECT_EQ(rope.rotaryDim, 2);
    EXPECT_EQ(rope.shortFactor, std::vector<double>{1.5});
    EXPECT_EQ(rope.longFactor, std::vector<double>{3});
    EXPECT_EQ(rope.originalContext, 16);
    EXPECT_DOUBLE_EQ(rope.attentionFactor, 1.224744871391589); // sqrt(1 + ln 4 / ln 16)
  }
}

/// transformers 5.23, Phi3Config.from_dict: what stands at the top wins, and there it has a
/// default.
TEST(HfConfig, TakesTheOriginalContextFromTheTopAlone) {
  for (llvm::StringRef key : {"rope_scaling", "rope_parameters"}) {
    HfFolder folder;
    folder.setText(key, R"({"rope_type": "longrope", "short_factor": [1, 1],
      "long_factor": [1, 1], "original_max_position_embeddings": 16})");
    Model model = modelOf(folder);
    EXPECT_EQ(model.config.rope.originalContext, 4096);
    EXPECT_EQ(model.config.rope.attentionFactor, 1); // 64 positions of 4096
    ASSERT_EQ(model.warnings.size(), 1u);
    EXPECT_MENTIONS(model.warnings[0], "config.json: key " + key.str() +
                                           ".original_max_position_embeddings: 16 is ignored");
    folder.set("original_max_position_embeddings", 16);
    EXPECT_EQ(modelOf(folder).config.rope.originalContext, 16);
    EXPECT_TRUE(modelOf(folder).warnings.empty());
  }
}

TEST(HfConfig, TakesTheAttentionFactorThatIsGiven) {
  HfFolder folder;
  folder.setText("rope_scaling", R"({"type": "longrope", "short_factor": [1, 1],
    "long_factor": [1, 1], "attention_factor": 1.25})");
  EXPECT_EQ(modelOf(folder).config.rope.attentionFactor, 1.25);
}

TEST(HfConfig, ReadsWindowsOfPhi3Alone) {
  HfFolder phi3, llama("llama");
  phi3.set("sliding_window", 7);
  llama.set("sliding_window", 7);
  EXPECT_EQ(modelOf(phi3).config.slidingWindow, 7);
  EXPECT_FALSE(modelOf(llama).config.slidingWindow);
}

TEST(HfConfig, GathersStopIdsOfBothFiles) {
  HfFolder folder;
  folder.write("generation_config.json", R"({"eos_token_id": [1, 5], "do_sample": true,
    "temperature": 0.5, "top_p": 0.9, "top_k": 3, "min_p": 0.1, "repetition_penalty": 1.5})");
  GenerationConfig generation = modelOf(folder).generation;
  EXPECT_EQ(generation.stopIds, (std::vector<int64_t>{1, 5}));
  EXPECT_EQ(generation.bosId, 2);
  EXPECT_TRUE(generation.doSample);
  EXPECT_EQ(generation.temperature, 0.5);
  EXPECT_EQ(generation.topP, 0.9);
  EXPECT_EQ(generation.topK, 3);
  EXPECT_EQ(generation.minP, 0.1);
  EXPECT_EQ(generation.repetitionPenalty, 1.5);
}

TEST(HfConfig, FindsTextFiles) {
  HfFolder folder;
  folder.write("tokenizer.json", "{}");
  folder.write("chat_template.jinja", "x");
  Model model = modelOf(folder);
  EXPECT_EQ(model.tokenizerJson, folder.file("tokenizer.json"));
  EXPECT_EQ(model.chatTemplateFile, folder.file("chat_template.jinja"));
  EXPECT_EQ(model.tokenizerConfigJson, "");
}

namespace {
struct Refusal {
  const char *type, *key, *value, *message;
};
} // namespace

static const Refusal kRefusals[] = {
    {"phi3", "model_type", "\"phimoe\"", "architectures: expected the architecture of model_type"},
    {"phi3", "model_type", "3", "key model_type: expected a string, got 3"},
    {"phi3", "architectures", "[\"PhiMoEForCausalLM\"]", "'PhiMoEForCausalLM' is not supported"},
    {"phi3", "architectures", "[\"LlamaForCausalLM\"]", "got 'LlamaForCausalLM'"},
    {"phi3", "architectures", "[]", "expected an array of one name, got an array of 0"},
    {"llama", "attention_bias", "true", "key attention_bias: biases are not supported"},
    {"llama", "mlp_bias", "true", "key mlp_bias: biases are not supported"},
    {"llama", "mlp_bias", "1", "key mlp_bias: expected true or false, got 1"},
    {"phi3", "hidden_act", "\"gelu\"", "key hidden_act: 'gelu' is not supported"},
    {"phi3", "quantization_config", "{}", "key quantization_config"},
    {"phi3", "hidden_size", "0", "key hidden_size: expected an integer from 1 to 16777216, got 0"},
    {"phi3", "hidden_size", "-8", "got -8"},
    {"phi3", "hidden_size", "9", "expected a multiple of 2 heads, got 9"},
    {"phi3", "hidden_size", "8.5", "got 8.5"},
    {"phi3", "hidden_size", "\"8\"", "got \"8\""},
    {"phi3", "hidden_size", "null", "key hidden_size: is missing"},
    {"phi3", "num_hidden_layers", "1000000000", "key num_hidden_layers: expected"},
    {"phi3", "vocab_size", "1e300", "key vocab_size: expected"},
    {"phi3", "num_attention_heads", "0", "key num_attention_heads: expected"},
    {"phi3", "num_key_value_heads", "0", "key num_key_value_heads: expected"},
    {"phi3", "num_key_value_heads", "3",
     "key num_key_value_heads: expected an integer from 1 to 2"},
    {"phi3", "head_dim", "-4", "key head_dim: expected"},
    {"phi3", "intermediate_size", "[6]", "got an array of 1"},
    {"phi3", "max_position_embeddings", "0", "key max_position_embeddings: expected"},
    {"phi3", "rms_norm_eps", "-1", "key rms_norm_eps: expected a number from 0 to 1, got -1"},
    {"phi3", "tie_word_embeddings", "\"yes\"", "key tie_word_embeddings: expected true or false"},
    {"phi3", "sliding_window", "0", "key sliding_window: expected"},
    {"phi3", "rope_theta", "0", "key rope_theta: expected"},
    {"phi3", "partial_rotary_factor", "0.3", "expected an even number of channels out of 4, got 1"},
    {"phi3", "partial_rotary_factor", "2", "key partial_rotary_factor: expected"},
    {"llama", "partial_rotary_factor", "0.5", "is not supported for llama"},
    {"phi3", "rope_scaling", "3", "key rope_scaling: expected an object, got 3"},
    {"phi3", "rope_scaling", R"({"type": "linear", "factor": 2})", "'linear' is not supported"},
    {"llama", "rope_scaling", R"({"rope_type": "llama3"})", "'llama3' is not supported for llama"},
    {"llama", "rope_parameters", R"({"rope_type": "dynamic"})", "'dynamic' is not supported"},
    {"phi3", "rope_scaling", R"({"type": "longrope", "long_factor": [1, 1]})",
     "key rope_scaling.short_factor: is missing"},
    {"phi3", "rope_scaling", R"({"type": "su", "short_factor": [1], "long_factor": [1]})",
     "key rope_scaling.short_factor: expected 2 factors, got an array of 1"},
    {"phi3", "rope_scaling", R"({"type": "su", "short_factor": [1, 0], "long_factor": [1, 1]})",
     "got 0 at index 1"},
    {"phi3", "eos_token_id", "10", "key eos_token_id: expected an integer from 0 to 9 or a list"},
    {"phi3", "eos_token_id", "[1, \"2\"]", "key eos_token_id: expected"},
    {"phi3", "bos_token_id", "10", "key bos_token_id: expected"},
};

TEST(HfConfig, RefusesByFileAndKey) {
  for (const Refusal &refusal : kRefusals) {
    HfFolder folder(refusal.type);
    folder.setText(refusal.key, refusal.value);
    std::string message = messageOf(folder.read());
    EXPECT_MENTIONS(message, refusal.message) << refusal.key << ' ' << refusal.value;
    EXPECT_MENTIONS(message, "config.json: ");
  }
}

TEST(HfConfig, RefusesAGenerationConfigThatIsWrong) {
  for (const char *key : {"do_sample", "temperature", "top_p", "top_k", "min_p"}) {
    HfFolder folder;
    folder.write("generation_config.json", "{\"" + std::string(key) + "\": -1}");
    EXPECT_MENTIONS(messageOf(folder.read()),
                    "generation_config.json: key " + std::string(key) + ": expected");
  }
}
