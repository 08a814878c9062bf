#include "ReadMetadata.h"

using namespace llvm;

namespace phidias {
namespace {

// Far more than any vocabulary or list of merges: a list in memory may take 16 times its bytes in
// the file.
constexpr uint64_t kMostElements = 1 << 23;

// Numbers of the value types in the file.
enum ValueType : uint32_t { U8, I8, U16, I16, U32, I32, F32, Bool, String, Array, U64, I64, F64 };

GgufValue readScalar(Cursor &cursor, uint32_t type) {
  switch (type) {
  case U8:
    return uint64_t(cursor.read<uint8_t>());
  case I8:
    return int64_t(cursor.read<int8_t>());
  case U16:
    return uint64_t(cursor.read<uint16_t>());
  case I16:
    return int64_t(cursor.read<int16_t>());
  case U32:
    return uint64_t(cursor.read<uint32_t>());
  case I32:
    return int64_t(cursor.read<int32_t>());
  case F32:
    return double(cursor.read<float>());
  case Bool:
    return cursor.read<uint8_t>() != 0;
  case String:
    return cursor.readString();
  case U64:
    return cursor.read<uint64_t>();
  case I64:
    return cursor.read<int64_t>();
  default:
    return cursor.read<double>();
  }
}

/// The least bytes that a value of the type takes; 0 for what is no scalar type.
uint64_t leastBytes(uint32_t type) {
  switch (type) {
  case U8:
  case I8:
  case Bool:
    return 1;
  case U16:
  case I16:
    return 2;
  case U32:
  case I32:
  case F32:
    return 4;
  case String:
  case U64:
  case I64:
  case F64:
    return 8;
  default:
    return 0;
  }
}

int64_t asInteger(const GgufValue &value) {
  if (auto *number = std::get_if<uint64_t>(&value))
    return static_cast<int64_t>(*number);
  if (auto *flag = std::get_if<bool>(&value))
    return *flag;
  return std::get<int64_t>(value);
}

template <class T, class Convert>
GgufValue readList(Cursor &cursor, uint32_t type, uint64_t count, Convert convert) {
  std::vector<T> list;
  list.reserve(count);
  for (uint64_t i = 0; i < count && cursor.ok(); ++i)
    list.push_back(convert(readScalar(cursor, type)));
  return list;
}

Expected<GgufValue> readArray(Cursor &cursor, StringRef key) {
  uint32_t type = cursor.read<uint32_t>();
  uint64_t count = cursor.read<uint64_t>();
  uint64_t least = leastBytes(type);
  if (!cursor.ok() || least == 0)
    return cursor.error("key " + key + ": array of an unknown type " + Twine(type));
  if (count > cursor.left() / least)
    return cursor.error("key " + key + ": " + Twine(count) + " elements do not fit in the file");
  if (count > kMostElements)
    return cursor.error("key " + key + ": expected at most " + Twine(kMostElements) +
                        " elements, got " + Twine(count));
  if (type == String)
    return readList<StringRef>(cursor, type, count,
                               [](const GgufValue &v) { return std::get<StringRef>(v); });
  if (type == F32 || type == F64)
    return readList<double>(cursor, type, count,
                            [](const GgufValue &v) { return std::get<double>(v); });
  return readList<int64_t>(cursor, type, count, asInteger);
}

Expected<GgufValue> readValue(Cursor &cursor, StringRef key) {
  uint32_t type = cursor.read<uint32_t>();
  if (!cursor.ok())
    return cursor.error("key " + key + ": the file ends");
  if (type == Array)
    return readArray(cursor, key);
  if (leastBytes(type) == 0)
    return cursor.error("key " + key + ": unknown type " + Twine(type));
  return readScalar(cursor, type);
}

} // namespace

Expected<GgufMetadata> readGgufMetadata(Cursor &cursor, uint64_t count) {
  GgufMetadata metadata;
  for (uint64_t i = 0; i < count; ++i) {
    StringRef key = cursor.readName();
    if (!cursor.ok())
      return cursor.error("expected the name of key " + Twine(i + 1) + " of " + Twine(count) +
                          " in printable ASCII");
    auto value = readValue(cursor, key);
    if (!value)
      return value.takeError();
    if (!cursor.ok())
      return cursor.error("key " + key + ": the file ends");
    if (!metadata.try_emplace(key, std::move(*value)).second)
      return cursor.error("key " + key + " occurs twice");
  }
  return metadata;
}

} // namespace phidias
