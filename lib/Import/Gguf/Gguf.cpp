#include "phidias/Import/Gguf/Gguf.h"
#include "Cursor.h"
#include "ReadMetadata.h"
#include "phidias/Import/CheckTensors.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace phidias {
namespace {

constexpr uint64_t kDefaultAlignment = 32;
constexpr uint32_t kMostDimensions = 4;

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

/// Reads one tensor's entry; `offset` is left relative to the data.
Expected<TensorInfo> readTensor(Cursor &cursor) {
  TensorInfo tensor;
  tensor.name = cursor.readString().str();
  uint32_t dimensions = cursor.read<uint32_t>();
  if (!cursor.ok() || dimensions < 1 || dimensions > kMostDimensions)
    return cursor.error("tensor " + tensor.name + ": expected 1 to 4 dimensions, got " +
                        Twine(dimensions));
  for (uint32_t i = 0; i < dimensions; ++i)
    tensor.shape.insert(tensor.shape.begin(), static_cast<int64_t>(cursor.read<uint64_t>()));
  uint32_t type = cursor.read<uint32_t>();
  tensor.offset = cursor.read<uint64_t>();
  if (!cursor.ok())
    return cursor.error("tensor " + tensor.name + ": the file ends");
  auto element = elementType(type);
  if (!element)
    return cursor.error(
        "tensor " + tensor.name + ": type " + typeName(type) +
        " is not supported; supported are F32, F16, BF16, Q4_0, Q4_1, Q8_0 and Q6_K");
  tensor.type = *element;
  tensor.file = 0;
  return tensor;
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

Error readTensors(Cursor &cursor, uint64_t count, Checkpoint &checkpoint) {
  for (uint64_t i = 0; i < count; ++i) {
    auto tensor = readTensor(cursor);
    if (!tensor)
      return tensor.takeError();
    checkpoint.tensors.push_back(std::move(*tensor));
  }
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

Expected<GgufFile> readGguf(StringRef path) {
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
  if (Error failure = readTensors(cursor, tensors, result.checkpoint))
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
  return result;
}

} // namespace phidias
