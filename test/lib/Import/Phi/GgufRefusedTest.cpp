// What is damaged or not supported in a GGUF file is refused in one line that names it.

#include "../ReaderFiles.h"
#include "phidias/Import/Phi/Model.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace phidias;
using namespace phidias::test;

namespace {

struct Refusal {
  const char *what;
  std::function<void(GgufParts &)> damage;
  const char *says;
};

auto key(const std::string &name, const std::string &value) {
  return [=](GgufParts &parts) { parts.set(name, value); };
}
auto type(const std::string &name, uint32_t number) {
  return [=](GgufParts &parts) { parts.tensor(name).type = number; };
}
auto shape(const std::string &name, std::vector<uint64_t> sizes) {
  return [=](GgufParts &parts) { parts.tensor(name).shape = sizes; };
}
auto extra(const std::string &name) {
  return [=](GgufParts &parts) { parts.tensors.push_back(f32Tensor(name, {32})); };
}
auto at(const std::string &name, uint64_t offset) {
  return [=](GgufParts &parts) { parts.offsets[name] = offset; };
}

/// Moves a tensor by four bytes, into room of its own.
void shiftNorm(GgufParts &parts) {
  uint64_t place = 0;
  for (FileTensor &tensor : parts.tensors) {
    if (tensor.name == "output_norm.weight") {
      tensor.bytes.resize(tensor.bytes.size() + 32);
      parts.offsets[tensor.name] = place + 4;
    }
    place += (tensor.bytes.size() + 31) / 32 * 32;
  }
}

const std::string kUp = "blk.0.ffn_up.weight";

const Refusal kRefusals[] = {
    {"magic", [](GgufParts &p) { p.magic = "GGUX"; }, "GGUF"},
    {"version 2", [](GgufParts &p) { p.version = 2; }, "expected GGUF version 3, got 2"},
    {"big-endian", [](GgufParts &p) { p.version = 3 << 24; }, "version"},
    {"key twice", [](GgufParts &p) { p.keys.push_back(p.keys[1]); }, "context_length occurs twice"},
    {"type of a key", key("x", little(77, 4)), "key x: unknown type 77"},
    {"list of lists", key("x", little(9, 4) + little(9, 4) + little(1, 8)), "key x"},
    {"absurd list", key("x", little(9, 4) + little(0, 4) + little(1ull << 60, 8)), "key x"},
    {"absurd string", key("x", little(8, 4) + little(1ull << 60, 8)), "key x"},
    {"alignment of 0", key("general.alignment", u32(0)), "general.alignment"},
    {"alignment of 48", key("general.alignment", u32(48)), "general.alignment"},
    {"alignment is text", key("general.alignment", text("32")), "general.alignment"},
    {"name with a line end", extra("a\nb"), "printable"},
    {"empty name", extra(""), "printable"},
    {"tensor twice", extra("output_norm.weight"), "output_norm.weight: occurs twice"},
    {"no dimensions", shape(kUp, {}), "expected 1 to 4 dimensions, got 0"},
    {"five dimensions", shape(kUp, {1, 1, 1, 1, 1}), "got 5"},
    {"size of 0", shape(kUp, {0, 32}), kUp.c_str()},
    {"negative size", shape(kUp, {~0ull, 32}), kUp.c_str()},
    {"overflowing shape", shape(kUp, {1ull << 40, 1ull << 40}), kUp.c_str()},
    {"size near the limit", shape(kUp, {1ull << 31, 1ull << 29}), kUp.c_str()},
    {"transposed", shape(kUp, {32, 48}), "expected shape [48, 32], got [32, 48]"},
    {"Q4_K", type(kUp, 12), "type Q4_K is not supported"},
    {"unknown type", type(kUp, 4000), "number 4000"},
    {"row is no block", type("blk.0.ffn_down.weight", 2), "multiples of 32"},
    {"offset is odd", shiftNorm, "output_norm.weight: expected a place that is a multiple of 32"},
    {"offset beyond", at(kUp, 1ull << 40), "outside the file"},
    {"offset overflows", at(kUp, ~31ull), "outside the file"},
    {"overlap", at("output_norm.weight", 0), "overlaps"},
    {"missing tensor", [](GgufParts &p) { p.tensor(kUp).name = "blk.0.ffn_op.weight"; },
     kUp.c_str()},
    {"bias", extra("blk.0.attn_q.bias"), "biases are not supported"},
    {"unknown tensor", extra("blk.0.attn_q_norm.weight"), "attn_q_norm"},
    {"llama 3 scaling", extra("rope_freqs.weight"), "rope_freqs.weight"},
    {"architecture", key("general.architecture", text("gemma")), "'gemma' is not supported"},
    {"no architecture", key("general.architecture", ""), "general.architecture"},
    {"architecture is a number", key("general.architecture", u32(3)), "general.architecture"},
    {"no heads", key("llama.attention.head_count", u32(0)), "head_count"},
    {"negative heads", key("llama.attention.head_count", i32(-4)), "head_count"},
    {"heads do not divide", key("llama.attention.head_count_kv", u32(3)), "heads"},
    {"heads do not fit", key("llama.attention.head_count", u32(5)), "head_count"},
    {"absurd layers", key("llama.block_count", u32(1u << 31)), "layers"},
    {"a layer more", key("llama.block_count", u32(3)), "blk.2.attn_norm.weight"},
    {"a layer less", key("llama.block_count", u32(1)), "blk.1."},
    {"no width", key("llama.embedding_length", u32(0)), "hidden size"},
    {"absurd width", key("llama.embedding_length", u32(1u << 31)), "hidden size"},
    {"width is text", key("llama.embedding_length", text("32")), "embedding_length"},
    {"no context", key("llama.context_length", ""), "llama.context_length"},
    {"eps is not finite", key("llama.attention.layer_norm_rms_epsilon", f32(INFINITY)), "epsilon"},
    {"negative eps", key("llama.attention.layer_norm_rms_epsilon", f32(-1)), "eps"},
    {"theta of 0", key("llama.rope.freq_base", f32(0)), "theta"},
    {"odd rotary", key("llama.rope.dimension_count", u32(7)), "rotary"},
    {"rotary beyond the head", key("llama.rope.dimension_count", u32(10)), "rotary"},
    {"partial rotary of permuted rows", key("llama.rope.dimension_count", u32(6)),
     "llama.rope.dimension_count"},
    {"yarn", key("llama.rope.scaling.type", text("yarn")), "'yarn' is not supported"},
    {"linear", key("llama.rope.scaling.type", text("linear")), "'linear' is not supported"},
    {"linear without a type", key("llama.rope.scaling.factor", f32(4)), "scaling.factor"},
    {"linear, old key", key("llama.rope.scale_linear", f32(2)), "scale_linear"},
    {"experts", key("llama.expert_count", u32(8)), "expert_count"},
    {"not causal", key("llama.attention.causal", little(7, 4) + little(0, 1)), "causal"},
    {"value heads", key("llama.attention.value_length", u32(4)), "value_length"},
    {"split file", key("split.count", little(2, 4) + little(3, 2)), "split.count"},
    {"stop id beyond", key("tokenizer.ggml.eos_token_id", u32(20)), "eos_token_id"},
    {"first id beyond", key("tokenizer.ggml.bos_token_id", u32(~0u)), "bos_token_id"},
    {"window is negative", key("llama.attention.sliding_window", i32(-1)), "sliding_window"},
};

void expectRefused(const std::string &path, const std::string &what, const std::string &says) {
  auto model = readModel(path);
  if (model) {
    ADD_FAILURE() << what << ": was read";
    return;
  }
  std::string message = llvm::toString(model.takeError());
  EXPECT_NE(message.find(path), std::string::npos) << what << ": " << message;
  EXPECT_NE(message.find(says), std::string::npos) << what << ": " << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << what << ": " << message;
}

TEST(GgufRefused, ByName) {
  Folder folder;
  for (const Refusal &refusal : kRefusals) {
    GgufParts parts = tinyGguf("llama");
    refusal.damage(parts);
    expectRefused(writeFile(folder, "m.gguf", parts.encode()), refusal.what, refusal.says);
  }
}

TEST(GgufRefused, LongRopeThatDoesNotFit) {
  Folder folder;
  auto refuse = [&](const char *what, uint64_t pairs, uint32_t original, const char *says) {
    GgufParts parts = tinyGguf("phi3");
    parts.set("phi3.rope.scaling.original_context_length", u32(original));
    for (const char *name : {"rope_factors_long.weight", "rope_factors_short.weight"}) {
      parts.tensors.push_back(f32Tensor(name, {pairs}));
      std::string &bytes = parts.tensors.back().bytes;
      if (pairs == 4 && original == 16)
        bytes = std::string(16, '\0');
    }
    expectRefused(writeFile(folder, "m.gguf", parts.encode()), what, says);
  };
  refuse("too few factors", 3, 8, "rope_factors_long.weight");
  refuse("factors of 0", 4, 16, "long rope factors");
  refuse("boundary of 0", 4, 0, "original_context_length");
}

TEST(GgufRefused, EveryTruncation) {
  Folder folder;
  std::string whole = tinyGguf("llama").encode();
  size_t data = whole.size();
  for (size_t length = 0; length < data; length += length < 4000 ? 7 : 1021)
    expectRefused(writeFile(folder, "m.gguf", whole.substr(0, length)),
                  "first " + std::to_string(length) + " bytes", "");
}

TEST(GgufRefused, WhatIsNoFile) {
  Folder folder;
  expectRefused(folder.file("absent.gguf"), "absent", "no such file");
  expectRefused(writeFile(folder, "text.gguf", "hello, this is no model"), "text", "GGUF");
}

} // namespace
