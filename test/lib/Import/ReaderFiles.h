#pragma once
/// Small checkpoints for the readers' tests, good ones that a test then damages.

#include "Folder.h"
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace phidias::test {

/// A tensor as it goes into a file: name, sizes outermost first, ggml's number of its type, bytes.
struct FileTensor {
  std::string name;
  std::vector<uint64_t> shape;
  uint32_t type = 0; ///< F32
  std::string bytes;
};

/// A GGUF file in parts. Keys hold their type's number and value, already encoded.
struct GgufParts {
  std::string magic = "GGUF";
  uint32_t version = 3;
  std::vector<std::pair<std::string, std::string>> keys;
  std::vector<FileTensor> tensors;
  std::map<std::string, uint64_t> offsets; ///< where they shall differ from the tensor's place

  void set(const std::string &key, const std::string &value); ///< replaces, adds; "" removes
  FileTensor &tensor(const std::string &name);
  std::string encode() const;
};

std::string u32(uint32_t value); ///< a key's type and value
std::string i32(int32_t value);
std::string f32(float value);
std::string text(const std::string &value);
std::string texts(const std::vector<std::string> &values);

std::string little(uint64_t value, int bytes);
FileTensor f32Tensor(const std::string &name, std::vector<uint64_t> shape);

/// Two layers, hidden 32, 4 heads, 2 kv heads, ffn 48, vocabulary 20; phi3: fused; llama: apart.
GgufParts tinyGguf(const std::string &architecture);

/// Writes into the folder; returns the file's path.
inline std::string writeFile(const Folder &folder, const std::string &name,
                             const std::string &bytes) {
  folder.write(name, bytes);
  return folder.file(name);
}

} // namespace phidias::test
