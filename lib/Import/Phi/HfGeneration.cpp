// Stop ids and sampling defaults. A Phi checkpoint may name one stop id in config.json and two in
// generation_config.json: a program stops on all of them.

#include "HfConfig.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace phidias {
namespace {

void addStops(GenerationConfig &generation, ArrayRef<int64_t> ids) {
  for (int64_t id : ids)
    if (!is_contained(generation.stopIds, id))
      generation.stopIds.push_back(id);
}

/// bos_token_id and pad_token_id; negative means none, as some files have it.
Error readId(std::optional<int64_t> &target, const JsonKeys &keys, StringRef key, int64_t vocab) {
  int64_t id = target.value_or(-1);
  if (Error failure = keys.integer(id, key, {INT32_MIN, vocab - 1}))
    return failure;
  if (id >= 0)
    target = id;
  return Error::success();
}

Error readIds(const JsonKeys &keys, int64_t vocab, GenerationConfig &generation) {
  std::vector<int64_t> stops;
  if (Error failure = keys.integers(stops, "eos_token_id", {0, vocab - 1}))
    return failure;
  addStops(generation, stops);
  if (Error failure = readId(generation.bosId, keys, "bos_token_id", vocab))
    return failure;
  return readId(generation.padId, keys, "pad_token_id", vocab);
}

Error readSampling(const JsonKeys &keys, GenerationConfig &generation) {
  if (Error failure = keys.boolean(generation.doSample, "do_sample"))
    return failure;
  if (Error failure = keys.integer(generation.topK, "top_k", {0, 1 << 24}))
    return failure;
  struct {
    StringLiteral key;
    double &target;
    Range<double> range;
  } all[] = {{"temperature", generation.temperature, {0, 1e6}},
             {"top_p", generation.topP, {0, 1}},
             {"min_p", generation.minP, {0, 1}},
             {"repetition_penalty", generation.repetitionPenalty, {1e-6, 1e6}}};
  for (auto &number : all)
    if (Error failure = keys.real(number.target, number.key, number.range))
      return failure;
  return Error::success();
}

} // namespace

Error readHfGeneration(const JsonKeys &keys, StringRef folder, const ModelConfig &config,
                       GenerationConfig &generation) {
  if (Error failure = readIds(keys, config.vocab, generation))
    return failure;
  std::string path = folderFile(folder, "generation_config.json");
  if (!sys::fs::exists(path))
    return Error::success();
  auto object = readJsonObject(path);
  if (!object)
    return object.takeError();
  JsonKeys own(*object, path);
  if (Error failure = readIds(own, config.vocab, generation))
    return failure;
  return readSampling(own, generation);
}

} // namespace phidias
