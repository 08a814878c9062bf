// GGUF's names are those of gguf-py's constants.py; the phi3 arch keeps q, k, v and gate, up
// together or apart. The llama arch keeps them apart: how fused rows would be permuted is not
// defined, and nobody writes them. Hugging Face's are transformers': Phi3ForCausalLM keeps them
// together, LlamaForCausalLM apart.

#include "TensorNames.h"

using namespace llvm;

namespace phidias {
namespace {

constexpr StringLiteral kGgufQkv[] = {"attn_q.weight", "attn_k.weight", "attn_v.weight"};
constexpr StringLiteral kGgufGateUp[] = {"ffn_gate.weight", "ffn_up.weight"};
constexpr StringLiteral kGgufElsewhere[] = {"rope_factors_long.weight",
                                            "rope_factors_short.weight"};
constexpr StringLiteral kHfQkv[] = {"self_attn.q_proj.weight", "self_attn.k_proj.weight",
                                    "self_attn.v_proj.weight"};
constexpr StringLiteral kHfGateUp[] = {"mlp.gate_proj.weight", "mlp.up_proj.weight"};
/// Old files carry the frequencies.
constexpr StringLiteral kHfElsewhereInLayer[] = {"self_attn.rotary_emb.inv_freq"};

TensorNames gguf(StackNames qkv, StackNames gateUp, bool permuted) {
  return {.embed = "token_embd.weight",
          .finalNorm = "output_norm.weight",
          .head = "output.weight",
          .layer = "blk.",
          .inputNorm = "attn_norm.weight",
          .o = "attn_output.weight",
          .postNorm = "ffn_norm.weight",
          .down = "ffn_down.weight",
          .qkv = qkv,
          .gateUp = gateUp,
          .permuted = permuted,
          .elsewhere = kGgufElsewhere,
          .elsewhereInLayer = {}};
}

TensorNames hf(StackNames qkv, StackNames gateUp) {
  return {.embed = "model.embed_tokens.weight",
          .finalNorm = "model.norm.weight",
          .head = "lm_head.weight",
          .layer = "model.layers.",
          .inputNorm = "input_layernorm.weight",
          .o = "self_attn.o_proj.weight",
          .postNorm = "post_attention_layernorm.weight",
          .down = "mlp.down_proj.weight",
          .qkv = qkv,
          .gateUp = gateUp,
          .permuted = false,
          .elsewhere = {},
          .elsewhereInLayer = kHfElsewhereInLayer};
}

} // namespace

const TensorNames &ggufTensorNames(StringRef architecture) {
  static const TensorNames llama = gguf({"", kGgufQkv}, {"", kGgufGateUp}, true);
  static const TensorNames phi3 =
      gguf({"attn_qkv.weight", kGgufQkv}, {"ffn_up.weight", kGgufGateUp}, false);
  return architecture == "llama" ? llama : phi3;
}

const TensorNames &hfTensorNames(StringRef architecture) {
  static const TensorNames llama = hf({"", kHfQkv}, {"", kHfGateUp});
  static const TensorNames phi3 =
      hf({"self_attn.qkv_proj.weight", {}}, {"mlp.gate_up_proj.weight", {}});
  return architecture == "llama" ? llama : phi3;
}

} // namespace phidias
