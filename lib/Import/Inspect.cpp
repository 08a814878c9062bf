// A model as JSON; InspectText.cpp lays the same out for people.

#include "phidias/Import/Inspect.h"
#include "phidias/Import/ModelText.h"

using namespace llvm;

namespace phidias {
namespace {

/// Names and messages may hold any bytes that a file has.
json::Value text(StringRef bytes) { return json::fixUTF8(bytes); }

json::Array texts(ArrayRef<std::string> lines) {
  json::Array array;
  for (const std::string &line : lines)
    array.push_back(text(line));
  return array;
}

template <class T> json::Value orNull(const std::optional<T> &value) {
  return value ? json::Value(*value) : json::Value(nullptr);
}

json::Object ropeJson(const RopeConfig &rope) {
  return json::Object{{"theta", rope.theta},
                      {"rotary_dim", rope.rotaryDim},
                      {"original_context", rope.originalContext},
                      {"short_factor", json::Array(rope.shortFactor)},
                      {"long_factor", json::Array(rope.longFactor)},
                      {"attention_factor", rope.attentionFactor}};
}

json::Object configJson(const ModelConfig &c) {
  return json::Object{{"architecture", text(c.architecture)},
                      {"hidden", c.hidden},
                      {"layers", c.layers},
                      {"heads", c.heads},
                      {"kv_heads", c.kvHeads},
                      {"head_dim", c.headDim},
                      {"intermediate", c.intermediate},
                      {"vocab", c.vocab},
                      {"max_context", c.maxContext},
                      {"norm_eps", c.normEps},
                      {"sliding_window", orNull(c.slidingWindow)},
                      {"tied_embeddings", c.tiedEmbeddings},
                      {"rope", ropeJson(c.rope)}};
}

json::Object generationJson(const GenerationConfig &g) {
  return json::Object{{"stop_ids", json::Array(g.stopIds)},
                      {"bos_id", orNull(g.bosId)},
                      {"pad_id", orNull(g.padId)},
                      {"do_sample", g.doSample},
                      {"temperature", g.temperature},
                      {"top_p", g.topP},
                      {"top_k", g.topK},
                      {"min_p", g.minP},
                      {"repetition_penalty", g.repetitionPenalty}};
}

json::Value unsupportedJson(Error failure) {
  return json::Object{{"unsupported", text(toString(std::move(failure)))}};
}

json::Value tokenizerJson(const Model &model) {
  auto table = readTokenizer(model);
  if (!table)
    return unsupportedJson(table.takeError());
  if (!*table)
    return nullptr;
  return json::Object{{"kind", (*table)->kind},
                      {"vocab", (*table)->vocab},
                      {"merges", (*table)->merges},
                      {"added_tokens", (*table)->addedTokens}};
}

json::Value templateJson(const Model &model) {
  auto source = findTemplate(model, "");
  if (!source)
    return unsupportedJson(source.takeError());
  if (source->text.empty())
    return nullptr;
  auto compiled = compileChatTemplate(source->text, source->path, source->globals);
  if (!compiled)
    return unsupportedJson(compiled.takeError());
  return json::Object{{"path", text(source->path)}, {"text", text(source->text)}};
}

json::Object tensorJson(const Model &model, const TensorInfo &tensor) {
  return json::Object{{"name", text(tensor.name)},
                      {"type", layoutOf(tensor.type).name},
                      {"shape", json::Array(tensor.shape)},
                      {"bytes", static_cast<int64_t>(tensor.bytes)},
                      {"offset", static_cast<int64_t>(tensor.offset)},
                      {"file", text(model.checkpoint.files[tensor.file].path)}};
}

json::Object totalsJson(const Checkpoint &checkpoint) {
  int64_t parameters = 0, bytes = 0;
  for (const TensorInfo &tensor : checkpoint.tensors) {
    const ElementLayout &layout = layoutOf(tensor.type);
    bytes += tensor.bytes;
    parameters += tensor.bytes / layout.blockBytes * layout.blockElements;
  }
  return json::Object{{"tensors", static_cast<int64_t>(checkpoint.tensors.size())},
                      {"parameters", parameters},
                      {"bytes", bytes}};
}

} // namespace

json::Value inspectJson(const Model &model, ArrayRef<std::string> unsupported) {
  json::Array tensors;
  for (const TensorInfo &tensor : model.checkpoint.tensors)
    tensors.push_back(tensorJson(model, tensor));
  return json::Object{
      {"path", text(model.checkpoint.path)},    {"name", text(model.config.name)},
      {"config", configJson(model.config)},     {"generation", generationJson(model.generation)},
      {"tokenizer", tokenizerJson(model)},      {"template", templateJson(model)},
      {"totals", totalsJson(model.checkpoint)}, {"tensors", std::move(tensors)},
      {"unsupported", texts(unsupported)},      {"warnings", texts(model.warnings)}};
}

} // namespace phidias
