#include "model/Sequence.h"
#include "support/NpyFile.h"
#include "verbs/Prompt.h"
#include "verbs/Verbs.h"

namespace phirt {

Status runLogits(const abi::Model &model, const Options &options) {
  Result<Engine> engine = Engine::open(model, engineOptionsOf(options));
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
