#pragma once
#include "phirt/Status.h"
#include <cstdint>
#include <span>
#include <string>

namespace phirt {

/// Writes a NumPy v1 array of f32, [rows, columns], row after row. It goes to a temporary file
/// beside the wanted one and takes its name when complete; an unfinished one is removed.
class NpyFile {
public:
  /// Fails where the disk has too little room.
  static Result<NpyFile> create(const std::string &path, int64_t rows, int64_t columns);
  NpyFile(NpyFile &&other) noexcept;
  NpyFile &operator=(NpyFile &&) = delete;
  ~NpyFile();

  Status write(std::span<const float> values);
  /// Gives the file its name.
  Status finish();

private:
  NpyFile(std::string path, std::string temporary, int file)
      : path(std::move(path)), temporary(std::move(temporary)), file(file) {}
  std::string path, temporary;
  int file;
};

} // namespace phirt
