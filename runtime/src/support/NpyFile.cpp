#include "support/NpyFile.h"
#include "support/Output.h"
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

namespace phirt {

// \x93NUMPY, version 1.0, u16 length of what follows, a Python dict padded with blanks so that the
// data begins at a multiple of 64, a line feed.
static std::string headerOf(int64_t rows, int64_t columns) {
  std::string dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) +
                     ", " + std::to_string(columns) + "), }";
  constexpr size_t kPrefix = 10;
  dict.resize((kPrefix + dict.size() + 64) / 64 * 64 - kPrefix - 1, ' ');
  dict += '\n';
  std::string header("\x93NUMPY\1\0", 8);
  header += static_cast<char>(dict.size() & 255);
  header += static_cast<char>(dict.size() >> 8);
  return header + dict;
}

static Status checkRoom(int file, const std::string &path, uint64_t bytes) {
  struct statvfs room = {};
  if (fstatvfs(file, &room) != 0)
    return {}; // then writing will tell
  uint64_t available = uint64_t(room.f_bavail) * room.f_frsize;
  if (available < bytes)
    return error(path + ": needs " + std::to_string(bytes) + " bytes, the disk has " +
                 std::to_string(available) + " left");
  return {};
}

Result<NpyFile> NpyFile::create(const std::string &path, int64_t rows, int64_t columns) {
  struct stat info = {};
  if (stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode))
    return error(path + ": not a regular file");
  std::string temporary = path + ".XXXXXX";
  int file = mkostemp(temporary.data(), O_CLOEXEC);
  if (file < 0)
    return error(path + ": " + strerror(errno));
  NpyFile npy(path, temporary, file);
  std::string header = headerOf(rows, columns);
  if (Status status = checkRoom(file, path, header.size() + uint64_t(rows) * columns * 4); !status)
    return std::unexpected(status.error());
  if (Status status = writeAll(file, header, path); !status)
    return std::unexpected(status.error());
  return npy;
}

NpyFile::NpyFile(NpyFile &&other) noexcept
    : path(std::move(other.path)), temporary(std::move(other.temporary)),
      file(std::exchange(other.file, -1)) {}

NpyFile::~NpyFile() {
  if (file < 0)
    return;
  close(file);
  unlink(temporary.c_str());
}

Status NpyFile::write(std::span<const float> values) {
  return writeAll(file, {reinterpret_cast<const char *>(values.data()), values.size_bytes()}, path);
}

Status NpyFile::finish() {
  // mkostemp's 0600 is for secrets: take the rights that a plain create would give.
  mode_t mask = umask(0);
  umask(mask);
  bool isWhole = fchmod(file, 0666 & ~mask) == 0 && close(std::exchange(file, -1)) == 0 &&
                 rename(temporary.c_str(), path.c_str()) == 0;
  if (isWhole)
    return {};
  int reason = errno;
  unlink(temporary.c_str());
  return error(path + ": " + strerror(reason));
}

} // namespace phirt
