// A folder's weights: one file, or shards by an index.
//
//   model.safetensors.index.json: { "metadata": {...}, "weight_map": { "tensor": "shard file", ...
//   } }

#include "phidias/Import/Safetensors/Safetensors.h"
#include "Header.h"
#include "phidias/Import/CheckTensors.h"
#include "phidias/Support/Json.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
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

/// The format leaves no byte unused: a hole or a tail means that header and data do not belong
/// together. `tensors` are those of `file`, by offset, and do not overlap.
Error checkNoHoles(const CheckpointFile &file, ArrayRef<TensorInfo> tensors) {
  uint64_t start = 8 + support::endian::read64le(file.buffer->getBufferStart()), end = start;
  for (const TensorInfo &tensor : tensors) {
    if (tensor.offset != end)
      return createStringError(formatv("{0}: tensor {1}: data_offsets: begins at byte {2} of the "
                                       "data, expected {3}: the format has no holes",
                                       file.path, tensor.name, tensor.offset - start, end - start)
                                   .str());
    end = tensor.offset + tensor.bytes;
  }
  if (end != file.buffer->getBufferSize())
    return createStringError(formatv("{0}: expected the data to end at byte {1}, the file has {2}",
                                     file.path, end, file.buffer->getBufferSize())
                                 .str());
  return Error::success();
}

Error checkNoHoles(const Checkpoint &checkpoint) {
  ArrayRef<TensorInfo> rest = checkpoint.tensors;
  for (const auto &[i, file] : enumerate(checkpoint.files)) {
    auto own = rest.take_while([&](const TensorInfo &tensor) { return tensor.file == i; });
    if (Error failure = checkNoHoles(file, own))
      return failure;
    rest = rest.drop_front(own.size());
  }
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
  if (Error hole = checkNoHoles(checkpoint))
    return hole;
  return checkpoint;
}

} // namespace phidias
