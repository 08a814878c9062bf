#include "phidias/Import/Gguf/Gguf.h"
#include "Cursor.h"
#include "ReadMetadata.h"
#include "phidias/Import/CheckTensors.h"
#include "phidias/Support/MapFile.h"
#include "llvm/Support/MathExtras.h"
#include <set>

using namespace llvm;

namespace phidias {
namespace {

constexpr uint64_t kDefaultAlignment = 32;
constexpr uint32_t kMostDimensions = 4;
constexpr size_t kMostNamedTypes = 50; // more than ggml has

/// ggml's number of a type; absent where it is not supported.
std::optional<ElementType> elementType(uint32_t number) {
  switch (number) {
  case 0:
    return ElementType::F32;
  case 1:
    return ElementType::F16;
  case 2:
    return ElementType::Q4_0;
  case 3:
    return ElementType::Q4_1;
  case 8:
    return ElementType::Q8_0;
  case 14:
    return ElementType::Q6_K;
  case 30:
    return ElementType::BF16;
  default:
    return std::nullopt;
  }
}

/// ggml's name of a type, for messages.
std::string typeName(uint32_t number) {
  static constexpr StringLiteral kNames[] = {
      "F32",     "F16",    "Q4_0",    "Q4_1",  "Q4_2",   "Q4_3",  "Q5_0",  "Q5_1",
      "Q8_0",    "Q8_1",   "Q2_K",    "Q3_K",  "Q4_K",   "Q5_K",  "Q6_K",  "Q8_K",
      "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS"};
  return number < std::size(kNames) ? kNames[number].str() : "number " + std::to_string(number);
}

/// Reads one tensor's entry and ggml's number of its type; `offset` is left relative to the data.
Expected<TensorInfo> readTensor(Cursor &cursor, uint32_t &type) {
  TensorInfo tensor;
  tensor.name = cursor.readName().str();
  if (!cursor.ok())
    return cursor.error("expected the name of a tensor in printable ASCII");
  uint32_t dimensions = cursor.read<uint32_t>();
  if (!cursor.ok() || dimensions < 1 || dimensions > kMostDimensions)
    return cursor.error("tensor " + tensor.name + ": expected 1 to 4 dimensions, got " +
                        Twine(dimensions));
  for (uint32_t i = 0; i < dimensions; ++i)
    tensor.shape.insert(tensor.shape.begin(), static_cast<int64_t>(cursor.read<uint64_t>()));
  type = cursor.read<uint32_t>();
  tensor.offset = cursor.read<uint64_t>();
  if (!cursor.ok())
    return cursor.error("tensor " + tensor.name + ": the file ends");
  tensor.file = 0;
  return tensor;
}

Error typeError(const Cursor &cursor, StringRef name, uint32_t type) {
  return cursor.error("tensor " + name + ": type " + typeName(type) +
                      " is not supported; supported are F32, F16, BF16, Q4_0, Q4_1, Q8_0 and Q6_K");
}

Expected<uint64_t> alignmentOf(const GgufMetadata &metadata, const Cursor &cursor) {
  auto at = metadata.find("general.alignment");
  if (at == metadata.end())
    return kDefaultAlignment;
  auto *value = std::get_if<uint64_t>(&at->second);
  if (!value || !isPowerOf2_64(*value) || *value > (1u << 20))
    return cursor.error("key general.alignment: expected a power of two up to 1048576");
  return *value;
}

/// Appends `count` tensors. Of types that are not supported the first tensor of each is an error,
/// or a line of `unsupported` where that is given.
Error readTensors(Cursor &cursor, uint64_t count, Checkpoint &checkpoint,
                  std::vector<std::string> *unsupported) {
  std::set<uint32_t> named;
  for (uint64_t i = 0; i < count; ++i) {
    uint32_t type = 0;
    auto tensor = readTensor(cursor, type);
    if (!tensor)
      return tensor.takeError();
    if (auto element = elementType(type)) {
      tensor->type = *element;
      checkpoint.tensors.push_back(std::move(*tensor));
    } else if (!unsupported) {
      return typeError(cursor, tensor->name, type);
    } else if (named.size() < kMostNamedTypes && named.insert(type).second) {
      unsupported->push_back(toString(typeError(cursor, tensor->name, type)));
    }
  }
  return Error::success();
}

/// The data begin at a multiple of the alignment, and so must each tensor.
Error checkAlignment(const Checkpoint &checkpoint, uint64_t alignment) {
  for (const TensorInfo &tensor : checkpoint.tensors)
    if (tensor.offset % alignment != 0)
      return createStringError(Twine(checkpoint.path) + ": tensor " + tensor.name +
                               ": expected a place that is a multiple of " + Twine(alignment) +
                               " bytes, got " + Twine(tensor.offset));
  return Error::success();
}

Error readHeader(Cursor &cursor, uint64_t &tensors, uint64_t &keys) {
  if (cursor.read<uint32_t>() != 0x46554747 || !cursor.ok())
    return cursor.error("expected a GGUF file, which begins with 'GGUF'");
  uint32_t version = cursor.read<uint32_t>();
  if (!cursor.ok() || version != 3)
    return cursor.error("expected GGUF version 3, got " + Twine(version));
  tensors = cursor.read<uint64_t>();
  keys = cursor.read<uint64_t>();
  if (!cursor.ok() || tensors > cursor.left() / 24 || keys > cursor.left() / 13)
    return cursor.error(Twine(tensors) + " tensors and " + Twine(keys) +
                        " keys do not fit in the file");
  return Error::success();
}

} // namespace

Expected<GgufFile> readGguf(StringRef path, std::vector<std::string> *unsupported) {
  GgufFile result;
  result.checkpoint.path = path.str();
  auto file = mapFile(path);
  if (!file)
    return file.takeError();
  Cursor cursor(path, (*file)->getBuffer());
  uint64_t tensors = 0, keys = 0;
  if (Error failure = readHeader(cursor, tensors, keys))
    return failure;
  auto metadata = readGgufMetadata(cursor, keys);
  if (!metadata)
    return metadata.takeError();
  if (Error failure = readTensors(cursor, tensors, result.checkpoint, unsupported))
    return failure;
  auto alignment = alignmentOf(*metadata, cursor);
  if (!alignment)
    return alignment.takeError();
  uint64_t data = alignTo(cursor.offset(), *alignment);
  result.metadata = std::move(*metadata);
  result.checkpoint.files.push_back({path.str(), std::move(*file)});
  for (TensorInfo &tensor : result.checkpoint.tensors)
    tensor.offset = SaturatingAdd(tensor.offset, data);
  if (Error failure = checkTensors(result.checkpoint))
    return failure;
  if (Error failure = checkAlignment(result.checkpoint, *alignment))
    return failure;
  return result;
}

} // namespace phidias
