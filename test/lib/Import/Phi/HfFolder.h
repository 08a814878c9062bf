#pragma once
/// A tiny Hugging Face folder, whose config.json a test may change key by key.

#include "../Folder.h"
#include "phidias/Import/Phi/Model.h"

namespace phidias::test {

/// 1 layer, hidden 8, 2 heads of 4 over 1 key/value head, intermediate 6, vocabulary 10.
struct HfFolder : Folder {
  explicit HfFolder(llvm::StringRef type = "phi3")
      : config(llvm::cantFail(llvm::json::parse(R"({
          "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
          "num_key_value_heads": 1, "intermediate_size": 6, "vocab_size": 10,
          "max_position_embeddings": 64, "eos_token_id": 1, "bos_token_id": 2})"))) {
    set("model_type", type.str());
    bool phi3 = type == "phi3";
    set("architectures", llvm::json::Array{phi3 ? "Phi3ForCausalLM" : "LlamaForCausalLM"});
    tensors = {{"model.embed_tokens.weight", {10, 8}},
               {"model.norm.weight", {8}},
               {"lm_head.weight", {10, 8}}};
    auto layer = [&](llvm::StringRef name, std::vector<int64_t> shape) {
      tensors.push_back({("model.layers.0." + name + ".weight").str(), std::move(shape)});
    };
    layer("input_layernorm", {8});
    layer("post_attention_layernorm", {8});
    layer("self_attn.o_proj", {8, 8});
    layer("mlp.down_proj", {8, 6});
    if (phi3) {
      layer("self_attn.qkv_proj", {16, 8});
      layer("mlp.gate_up_proj", {12, 8});
      return;
    }
    layer("self_attn.q_proj", {8, 8});
    layer("self_attn.k_proj", {4, 8});
    layer("self_attn.v_proj", {4, 8});
    layer("mlp.gate_proj", {6, 8});
    layer("mlp.up_proj", {6, 8});
  }

  void set(llvm::StringRef key, llvm::json::Value value) {
    (*config.getAsObject())[key] = std::move(value);
  }
  /// `text` is JSON.
  void setText(llvm::StringRef key, llvm::StringRef text) {
    set(key, llvm::cantFail(llvm::json::parse(text)));
  }
  llvm::Expected<Model> read() const {
    std::string text;
    llvm::raw_string_ostream(text) << config;
    write("config.json", text);
    write("model.safetensors", safetensorsOf(tensors));
    return readModel(path());
  }

  llvm::json::Value config;
  std::vector<NamedShape> tensors;
};

} // namespace phidias::test
