// One safetensors file. Source of the format: the README of the safetensors project.
//
//   u64 header bytes | header, a JSON object | data
//   header: { "name": { "dtype": "BF16", "shape": [rows, cols], "data_offsets": [begin, end] },
//   ...,
//             "__metadata__": { "key": "text" } }
//   offsets count from the start of the data, end is exclusive; little-endian, row-major.

#include "Header.h"
#include "phidias/Support/Json.h"
#include "phidias/Support/MapFile.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace phidias {
namespace {

constexpr JsonLimits kHeaderLimits = {32 << 20, 8};
constexpr size_t kMostDimensions = 8;

std::optional<ElementType> elementType(StringRef name) {
  if (name == "F32")
    return ElementType::F32;
  if (name == "F16")
    return ElementType::F16;
  if (name == "BF16")
    return ElementType::BF16;
  return std::nullopt;
}

/// The numbers of an array of sizes or offsets; nothing where it holds anything else.
std::optional<SmallVector<int64_t, 4>> naturals(const json::Array *array, size_t most) {
  if (!array || array->size() > most)
    return std::nullopt;
  SmallVector<int64_t, 4> numbers;
  for (const json::Value &value : *array) {
    auto number = value.getAsInteger();
    if (!number || *number < 0)
      return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

class HeaderReader {
public:
  HeaderReader(StringRef path, uint64_t dataStart, unsigned file)
      : path(path), dataStart(dataStart), file(file) {}

  Expected<TensorInfo> read(StringRef name, const json::Value &value) const {
    const json::Object *entry = value.getAsObject();
    if (!entry)
      return error(name, "expected an object, got " + describeJson(value));
    TensorInfo tensor;
    tensor.name = name.str();
    tensor.file = file;
    if (Error failure = readType(tensor, *entry))
      return failure;
    if (Error failure = readPlace(tensor, *entry))
      return failure;
    return tensor;
  }

private:
  Error readType(TensorInfo &tensor, const json::Object &entry) const {
    auto name = entry.getString("dtype");
    if (!name)
      return error(tensor.name, "dtype is missing");
    auto type = elementType(*name);
    if (!type)
      return error(tensor.name, "dtype " + name->take_front(20) +
                                    " is not supported; supported are F32, F16 and BF16");
    tensor.type = *type;
    return Error::success();
  }

  Error readPlace(TensorInfo &tensor, const json::Object &entry) const {
    auto shape = naturals(entry.getArray("shape"), kMostDimensions);
    if (!shape || shape->empty())
      return error(tensor.name, "shape: expected an array of 1 to 8 sizes");
    auto offsets = naturals(entry.getArray("data_offsets"), 2);
    if (!offsets || offsets->size() != 2 || (*offsets)[0] > (*offsets)[1])
      return error(tensor.name, "data_offsets: expected [begin, end] with begin <= end");
    tensor.shape = *shape;
    tensor.offset = SaturatingAdd<uint64_t>((*offsets)[0], dataStart);
    return checkLength(tensor, (*offsets)[1] - (*offsets)[0]);
  }

  Error checkLength(const TensorInfo &tensor, uint64_t given) const {
    uint64_t bytes = layoutOf(tensor.type).blockBytes;
    for (int64_t size : tensor.shape)
      bytes = SaturatingMultiply<uint64_t>(bytes, size);
    if (bytes == given)
      return Error::success();
    return error(tensor.name, "data_offsets: expected " + Twine(bytes) +
                                  " bytes for its shape and dtype, got " + Twine(given));
  }

  Error error(StringRef name, const Twine &what) const {
    return createStringError("%s: tensor %s: %s", path.str().c_str(), name.str().c_str(),
                             what.str().c_str());
  }

  StringRef path;
  uint64_t dataStart;
  unsigned file;
};

Error appendTensors(Checkpoint &checkpoint, const json::Object &header,
                    const HeaderReader &reader) {
  std::vector<TensorInfo> tensors;
  for (const auto &[name, value] : header) {
    if (name == "__metadata__")
      continue;
    auto tensor = reader.read(name, value);
    if (!tensor)
      return tensor.takeError();
    tensors.push_back(std::move(*tensor));
  }
  llvm::sort(tensors, [](const TensorInfo &a, const TensorInfo &b) {
    return std::tie(a.offset, a.name) < std::tie(b.offset, b.name);
  });
  std::move(tensors.begin(), tensors.end(), std::back_inserter(checkpoint.tensors));
  return Error::success();
}

Expected<StringRef> headerText(StringRef bytes, StringRef path) {
  if (bytes.size() < 8)
    return createStringError("%s: expected 8 bytes of header size, got %zu", path.str().c_str(),
                             bytes.size());
  uint64_t size = support::endian::read64le(bytes.data());
  if (size > bytes.size() - 8)
    return createStringError("%s: a header of %llu bytes does not fit in the file, which has %zu",
                             path.str().c_str(), static_cast<unsigned long long>(size),
                             bytes.size());
  return bytes.substr(8, size);
}

} // namespace

Error appendSafetensorsFile(Checkpoint &checkpoint, StringRef path) {
  auto file = mapFile(path);
  if (!file)
    return file.takeError();
  auto text = headerText((*file)->getBuffer(), path);
  if (!text)
    return text.takeError();
  auto header = parseJsonObject(*text, path, kHeaderLimits);
  if (!header)
    return header.takeError();
  HeaderReader reader(path, 8 + text->size(), checkpoint.files.size());
  checkpoint.files.push_back({path.str(), std::move(*file)});
  return appendTensors(checkpoint, *header, reader);
}

} // namespace phidias
