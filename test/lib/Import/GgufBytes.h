#pragma once
/// Writes GGUF files piece by piece, in the order of ggml's docs/gguf.md.

#include "Folder.h"

namespace phidias::test {

struct GgufBytes {
  std::string bytes;

  template <class T> GgufBytes &number(T value) {
    bytes.append(reinterpret_cast<const char *>(&value), sizeof(T));
    return *this;
  }
  GgufBytes &string(llvm::StringRef text) {
    number<uint64_t>(text.size()).bytes += text;
    return *this;
  }
  GgufBytes &header(uint64_t tensors, uint64_t keys, uint32_t version = 3) {
    bytes += "GGUF";
    return number(version).number(tensors).number(keys);
  }
  GgufBytes &u32Key(llvm::StringRef key, uint32_t value) {
    return string(key).number<uint32_t>(4).number(value);
  }
  GgufBytes &f32Key(llvm::StringRef key, float value) {
    return string(key).number<uint32_t>(6).number(value);
  }
  GgufBytes &stringKey(llvm::StringRef key, llvm::StringRef value) {
    return string(key).number<uint32_t>(8).string(value);
  }
  /// `shape` innermost first, as in the file.
  GgufBytes &tensor(llvm::StringRef name, llvm::ArrayRef<uint64_t> shape, uint32_t type,
                    uint64_t offset) {
    string(name).number<uint32_t>(shape.size());
    for (uint64_t size : shape)
      number(size);
    return number(type).number(offset);
  }
  /// Padding to the alignment, then zeros.
  GgufBytes &data(size_t count) {
    bytes.resize((bytes.size() + 31) / 32 * 32 + count);
    return *this;
  }
};

/// A whole model of arch phi3: 1 layer, hidden 4, 2 heads of 2, intermediate 4, vocabulary 8, f32.
inline std::string tinyGguf() {
  const std::pair<const char *, std::vector<uint64_t>> tensors[] = {
      {"token_embd.weight", {4, 8}},      {"output_norm.weight", {4}},
      {"output.weight", {4, 8}},          {"blk.0.attn_norm.weight", {4}},
      {"blk.0.attn_qkv.weight", {4, 12}}, {"blk.0.attn_output.weight", {4, 4}},
      {"blk.0.ffn_norm.weight", {4}},     {"blk.0.ffn_up.weight", {4, 8}},
      {"blk.0.ffn_down.weight", {4, 4}}};
  GgufBytes file;
  file.header(std::size(tensors), 8).stringKey("general.architecture", "phi3");
  file.u32Key("phi3.embedding_length", 4).u32Key("phi3.block_count", 1);
  file.u32Key("phi3.feed_forward_length", 4).u32Key("phi3.context_length", 16);
  file.u32Key("phi3.attention.head_count", 2).u32Key("tokenizer.ggml.eos_token_id", 3);
  file.f32Key("phi3.attention.layer_norm_rms_epsilon", 1e-5f);
  uint64_t at = 0;
  for (const auto &[name, shape] : tensors) {
    file.tensor(name, shape, 0, at);
    uint64_t bytes = 4 * shape[0] * (shape.size() > 1 ? shape[1] : 1);
    at += (bytes + 31) / 32 * 32;
  }
  return file.data(at).bytes;
}

} // namespace phidias::test
