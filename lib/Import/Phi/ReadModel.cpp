#include "PhiInternal.h"
#include "phidias/Import/Gguf/Gguf.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace phidias {

static Expected<Model> readGgufModel(StringRef path) {
  auto file = readGguf(path);
  if (!file)
    return file.takeError();
  Model model;
  model.checkpoint = std::move(file->checkpoint);
  model.gguf = std::make_unique<GgufMetadata>(std::move(file->metadata));
  if (Error failure = readGgufConfig(*model.gguf, model.checkpoint, model.config, model.generation))
    return failure;
  if (Error failure = checkConfig(model.config, path))
    return failure;
  auto weights = findGgufWeights(model.checkpoint, model.config);
  if (!weights)
    return weights.takeError();
  model.weights = std::move(*weights);
  return model;
}

Expected<Model> readModel(StringRef path) {
  if (!sys::fs::exists(path))
    return createStringError("%s: no such file or folder", path.str().c_str());
  if (sys::fs::is_directory(path))
    return createStringError("%s: folders are not read yet", path.str().c_str());
  return readGgufModel(path);
}

} // namespace phidias
