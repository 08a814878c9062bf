// A folder's weights: one file, or shards by an index.
//
//   model.safetensors.index.json: { "metadata": {...}, "weight_map": { "tensor": "shard file", ...
//   } }

#include "phidias/Import/Safetensors/Safetensors.h"
#include "Header.h"
#include "phidias/Import/CheckTensors.h"
#include "phidias/Support/Json.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <map>

using namespace llvm;

namespace phidias {
namespace {

constexpr JsonLimits kIndexLimits = {32 << 20, 8};

std::string inFolder(StringRef folder, StringRef name) {
  SmallString<256> path(folder);
  sys::path::append(path, name);
  return path.str().str();
}

/// A shard is a file beside the index: nothing that leads out of the folder.
bool isPlainName(StringRef name) {
  return name.ends_with(".safetensors") && name.find_first_of(StringRef("/\\\0", 3)) == name.npos;
}

/// Shard file → the tensors that the index says it holds.
using Shards = std::map<std::string, std::vector<std::string>>;

Expected<Shards> readIndex(const std::string &path) {
  auto index = readJsonObject(path, kIndexLimits);
  if (!index)
    return index.takeError();
  const json::Object *map = index->getObject("weight_map");
  if (!map || map->empty())
    return createStringError("%s: key weight_map: expected tensors and their files", path.c_str());
  Shards shards;
  for (const auto &[tensor, value] : *map) {
    auto name = value.getAsString();
    if (!name || !isPlainName(*name))
      return createStringError(
          "%s: key weight_map.%s: expected the name of a .safetensors file in this folder, got %s",
          path.c_str(), tensor.str().c_str(), describeJson(value).c_str());
    shards[name->str()].push_back(tensor.str());
  }
  return shards;
}

Error checkListed(const Checkpoint &checkpoint, const Shards &shards, StringRef folder) {
  for (const auto &[shard, names] : shards)
    for (const std::string &name : names) {
      const TensorInfo *tensor = checkpoint.find(name);
      std::string path = inFolder(folder, shard);
      if (!tensor || checkpoint.files[tensor->file].path != path)
        return createStringError("%s: tensor %s: is missing, though the index lists it here",
                                 path.c_str(), name.c_str());
    }
  return Error::success();
}

/// The format leaves no byte unused: a tail means that header and data do not belong together.
Error checkNoTail(const Checkpoint &checkpoint) {
  std::vector<uint64_t> ends(checkpoint.files.size(), 0);
  for (const TensorInfo &tensor : checkpoint.tensors)
    ends[tensor.file] = std::max(ends[tensor.file], tensor.offset + tensor.bytes);
  for (const auto &[file, end] : zip_equal(checkpoint.files, ends))
    if (end != file.buffer->getBufferSize())
      return createStringError("%s: expected the data to end at byte %llu, the file has %zu",
                               file.path.c_str(), static_cast<unsigned long long>(end),
                               file.buffer->getBufferSize());
  return Error::success();
}

Error readShards(Checkpoint &checkpoint, StringRef folder, const std::string &indexPath) {
  auto shards = readIndex(indexPath);
  if (!shards)
    return shards.takeError();
  for (const auto &[shard, names] : *shards)
    if (Error failure = appendSafetensorsFile(checkpoint, inFolder(folder, shard)))
      return failure;
  if (Error failure = checkTensors(checkpoint))
    return failure;
  return checkListed(checkpoint, *shards, folder);
}

Error readOne(Checkpoint &checkpoint, const std::string &path) {
  if (Error failure = appendSafetensorsFile(checkpoint, path))
    return failure;
  return checkTensors(checkpoint);
}

} // namespace

Expected<Checkpoint> readSafetensors(StringRef folder) {
  Checkpoint checkpoint;
  checkpoint.path = folder.str();
  std::string single = inFolder(folder, "model.safetensors");
  std::string index = inFolder(folder, "model.safetensors.index.json");
  if (!sys::fs::exists(single) && !sys::fs::exists(index))
    return createStringError("%s: expected model.safetensors or model.safetensors.index.json",
                             folder.str().c_str());
  Error failure =
      sys::fs::exists(single) ? readOne(checkpoint, single) : readShards(checkpoint, folder, index);
  if (failure)
    return failure;
  if (Error tail = checkNoTail(checkpoint))
    return tail;
  return checkpoint;
}

} // namespace phidias
