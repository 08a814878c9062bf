// Both forms of a checkpoint, step by step. A step that fails leaves its reason in `problems` and
// what was read before it in the model, which is what `phidias inspect` shows.

#include "PhiInternal.h"
#include "phidias/Import/Gguf/Gguf.h"
#include "phidias/Import/Safetensors/Safetensors.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace phidias {
namespace {

using Problems = std::vector<std::string>;

/// A message may quote what a file holds: control characters would break the line or the terminal.
std::string oneLine(std::string message) {
  auto breaks = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  std::replace_if(message.begin(), message.end(), breaks, '?');
  return message;
}

/// True where there was no failure.
bool note(Error failure, Problems &problems) {
  if (!failure)
    return true;
  problems.push_back(oneLine(toString(std::move(failure))));
  return false;
}

void takeWeights(const TensorNames &names, Model &model, Problems &problems) {
  auto weights = findWeights(model.checkpoint, names, model.config, model.warnings);
  if (weights)
    model.weights = std::move(*weights);
  else
    note(weights.takeError(), problems);
}

void readGgufModel(StringRef path, Model &model, Problems &problems) {
  auto file = readGguf(path, &problems);
  if (!file) {
    note(file.takeError(), problems);
    return;
  }
  model.checkpoint = std::move(file->checkpoint);
  model.gguf = std::make_unique<GgufMetadata>(std::move(file->metadata));
  if (!note(readGgufConfig(*model.gguf, model.checkpoint, model.config, model.generation),
            problems))
    return;
  if (!note(checkConfig(model.config, path), problems))
    return;
  note(checkGgufSupport(*model.gguf, model.checkpoint, model.config), problems);
  if (problems.empty())
    takeWeights(ggufTensorNames(model.config.architecture), model, problems);
}

/// The path of a file in the folder; empty where there is none.
std::string fileIfPresent(StringRef folder, StringRef name) {
  SmallString<256> path(folder);
  sys::path::append(path, name);
  return sys::fs::is_regular_file(path) ? path.str().str() : "";
}

void readFolder(StringRef path, Model &model, Problems &problems) {
  model.tokenizerJson = fileIfPresent(path, "tokenizer.json");
  model.tokenizerConfigJson = fileIfPresent(path, "tokenizer_config.json");
  model.chatTemplateFile = fileIfPresent(path, "chat_template.jinja");
  note(readHfConfig(path, model.config, model.generation, model.warnings), problems);
  auto checkpoint = readSafetensors(path);
  if (!checkpoint) {
    note(checkpoint.takeError(), problems);
    return;
  }
  model.checkpoint = std::move(*checkpoint);
  if (problems.empty())
    takeWeights(hfTensorNames(model.config.architecture), model, problems);
}

Model readSteps(StringRef path, Problems &problems) {
  Model model;
  model.checkpoint.path = path.str();
  if (!sys::fs::exists(path))
    problems.push_back(oneLine(path.str()) + ": no such file or folder");
  else if (sys::fs::is_directory(path))
    readFolder(path, model, problems);
  else
    readGgufModel(path, model, problems);
  return model;
}

} // namespace

Expected<Model> readModel(StringRef path) {
  Problems problems;
  Model model = readSteps(path, problems);
  if (!problems.empty())
    return createStringError("%s", problems.front().c_str());
  return model;
}

Expected<Model> readModelLeniently(StringRef path, std::vector<std::string> &unsupported) {
  Problems problems;
  Model model = readSteps(path, problems);
  bool understoodNothing = model.checkpoint.tensors.empty() && model.config.architecture.empty();
  if (!problems.empty() && understoodNothing)
    return createStringError("%s", problems.front().c_str());
  unsupported.insert(unsupported.end(), problems.begin(), problems.end());
  return model;
}

} // namespace phidias
