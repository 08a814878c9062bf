#pragma once
/// Small checkpoints that tests write, good and damaged.

#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

namespace phidias::test {

/// A folder of its own that goes away with the object.
class Folder {
public:
  Folder() { EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("phidias-test", folder)); }
  ~Folder() { llvm::sys::fs::remove_directories(folder); }
  Folder(const Folder &) = delete;
  Folder &operator=(const Folder &) = delete;

  std::string path() const { return folder.str().str(); }
  std::string file(llvm::StringRef name) const { return path() + "/" + name.str(); }
  void write(llvm::StringRef name, llvm::StringRef bytes) const {
    std::error_code failed;
    llvm::raw_fd_ostream(file(name), failed) << bytes;
    EXPECT_FALSE(failed);
  }

private:
  llvm::SmallString<128> folder;
};

/// u64 header size | header | data.
inline std::string safetensors(llvm::StringRef header, size_t dataBytes) {
  uint64_t size = header.size();
  std::string bytes(reinterpret_cast<const char *>(&size), 8);
  return bytes + header.str() + std::string(dataBytes, '\0');
}

struct NamedShape {
  std::string name;
  std::vector<int64_t> shape;
  char fill = 0; ///< each of its bytes
  std::string dtype = "F32";
};

/// A whole file; of f32 zeros, where a tensor asks for nothing else.
inline std::string safetensorsOf(llvm::ArrayRef<NamedShape> tensors) {
  llvm::json::Object header;
  std::string data;
  for (const NamedShape &tensor : tensors) {
    int64_t at = data.size(), bytes = tensor.dtype == "F32" ? 4 : 2;
    for (int64_t size : tensor.shape)
      bytes *= size;
    header[tensor.name] = llvm::json::Object{{"dtype", tensor.dtype},
                                             {"shape", llvm::json::Array(tensor.shape)},
                                             {"data_offsets", {at, at + bytes}}};
    data.append(bytes, tensor.fill);
  }
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(std::move(header));
  return safetensors(text, 0) + data;
}

/// The message of what must have failed; an empty one where it did not.
template <class T> std::string messageOf(llvm::Expected<T> result) {
  return result ? "" : llvm::toString(result.takeError());
}

} // namespace phidias::test

#define EXPECT_MENTIONS(message, part)                                                             \
  EXPECT_NE((message).find(part), std::string::npos) << "in: '" << (message) << "'"
