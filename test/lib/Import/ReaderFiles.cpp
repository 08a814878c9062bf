#include "ReaderFiles.h"
#include <bit>

namespace phidias::test {

std::string little(uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i)
    out += static_cast<char>(value >> (8 * i));
  return out;
}

static std::string ggufString(const std::string &value) { return little(value.size(), 8) + value; }

std::string u32(uint32_t value) { return little(4, 4) + little(value, 4); }
std::string i32(int32_t value) { return little(5, 4) + little(static_cast<uint32_t>(value), 4); }
std::string f32(float value) { return little(6, 4) + little(std::bit_cast<uint32_t>(value), 4); }
std::string text(const std::string &value) { return little(8, 4) + ggufString(value); }
std::string texts(const std::vector<std::string> &values) {
  std::string out = little(9, 4) + little(8, 4) + little(values.size(), 8);
  for (const std::string &value : values)
    out += ggufString(value);
  return out;
}

void GgufParts::set(const std::string &key, const std::string &value) {
  std::erase_if(keys, [&](const auto &pair) { return pair.first == key; });
  if (!value.empty())
    keys.push_back({key, value});
}

FileTensor &GgufParts::tensor(const std::string &name) {
  for (FileTensor &tensor : tensors)
    if (tensor.name == name)
      return tensor;
  return tensors.emplace_back(FileTensor{name, {}, 0, ""});
}

std::string GgufParts::encode() const {
  std::string out = magic + little(version, 4) + little(tensors.size(), 8) + little(keys.size(), 8);
  for (const auto &[key, value] : keys)
    out += ggufString(key) + value;
  std::string data;
  for (const FileTensor &tensor : tensors) {
    out += ggufString(tensor.name) + little(tensor.shape.size(), 4);
    for (auto size = tensor.shape.rbegin(); size != tensor.shape.rend(); ++size)
      out += little(*size, 8); // innermost first
    auto moved = offsets.find(tensor.name);
    out += little(tensor.type, 4) + little(moved == offsets.end() ? data.size() : moved->second, 8);
    data += tensor.bytes;
    data.resize((data.size() + 31) / 32 * 32);
  }
  out.resize((out.size() + 31) / 32 * 32);
  return out + data;
}

FileTensor f32Tensor(const std::string &name, std::vector<uint64_t> shape) {
  uint64_t elements = 1;
  for (uint64_t size : shape)
    elements *= size;
  std::string bytes;
  for (uint64_t i = 0; i < elements; ++i)
    bytes += little(std::bit_cast<uint32_t>(static_cast<float>(i % 97) * 0.125f), 4);
  return {name, std::move(shape), 0, std::move(bytes)};
}

static void addLayer(GgufParts &parts, const std::string &prefix, bool fused) {
  auto add = [&](const std::string &name, std::vector<uint64_t> shape) {
    parts.tensors.push_back(f32Tensor(prefix + name + ".weight", std::move(shape)));
  };
  add("attn_norm", {32});
  if (fused)
    add("attn_qkv", {64, 32});
  else
    add("attn_q", {32, 32}), add("attn_k", {16, 32}), add("attn_v", {16, 32});
  add("attn_output", {32, 32});
  add("ffn_norm", {32});
  if (!fused)
    add("ffn_gate", {48, 32});
  add("ffn_up", {fused ? 96u : 48u, 32});
  add("ffn_down", {32, 48});
}

GgufParts tinyGguf(const std::string &architecture) {
  GgufParts parts;
  auto set = [&](const std::string &key, const std::string &value) {
    parts.set(architecture + "." + key, value);
  };
  parts.set("general.architecture", text(architecture));
  set("context_length", u32(64));
  set("embedding_length", u32(32));
  set("feed_forward_length", u32(48));
  set("block_count", u32(2));
  set("attention.head_count", u32(4));
  set("attention.head_count_kv", u32(2));
  set("attention.layer_norm_rms_epsilon", f32(1e-5f));
  set("rope.dimension_count", u32(8));
  set("rope.freq_base", f32(250000));
  parts.set("tokenizer.ggml.eos_token_id", u32(2));
  std::vector<std::string> tokens(20, "x");
  tokens[5] = "<|end|>";
  parts.set("tokenizer.ggml.tokens", texts(tokens));
  parts.tensors.push_back(f32Tensor("token_embd.weight", {20, 32}));
  for (const char *prefix : {"blk.0.", "blk.1."})
    addLayer(parts, prefix, architecture == "phi3");
  parts.tensors.push_back(f32Tensor("output_norm.weight", {32}));
  parts.tensors.push_back(f32Tensor("output.weight", {20, 32}));
  return parts;
}

} // namespace phidias::test
