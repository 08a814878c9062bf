#include "model/Sequence.h"
#include "support/NpyFile.h"
#include "verbs/Prompt.h"
#include "verbs/Verbs.h"
#include <algorithm>

namespace phirt {

Status runLogits(const abi::Model &model, const Options &options) {
  abi::Model cut = model;
  cut.maxTokens = std::min(model.maxTokens, options.pass.value_or(model.maxTokens));
  Result<Engine> engine = Engine::open(cut, engineOptionsOf(options));
  if (!engine)
    return std::unexpected(engine.error());
  Sequence sequence(*engine);
  if (Status status = sequence.checkTokens(*options.tokens); !status)
    return status; // before a file is made
  auto rows = static_cast<int64_t>(options.tokens->size());
  Result<NpyFile> file = NpyFile::create(*options.output, rows, model.vocab);
  if (!file)
    return std::unexpected(file.error());
  auto write = [&](const float *logits, int64_t count) {
    return file->write({logits, static_cast<size_t>(count * model.vocab)});
  };
  if (Status status = sequence.scan(*options.tokens, write); !status)
    return status;
  return file->finish();
}

} // namespace phirt
