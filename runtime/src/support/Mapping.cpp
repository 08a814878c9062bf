#include "support/Mapping.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace phirt {

Result<Mapping> Mapping::reserve(size_t bytes, Pages pages, const std::string &what) {
  if (bytes == 0)
    return Mapping();
  void *start = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED)
    return error("cannot reserve " + std::to_string(bytes) + " bytes for " + what + ": " +
                 strerror(errno));
  madvise(start, bytes, pages == Pages::Huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  return Mapping(static_cast<std::byte *>(start), bytes);
}

static Status checkRegular(int file, const std::string &path, struct stat &info) {
  if (fstat(file, &info) != 0)
    return error(path + ": " + strerror(errno));
  if (!S_ISREG(info.st_mode))
    return error(path + ": not a regular file");
  return {};
}

Result<Mapping> Mapping::readFile(const std::string &path) {
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return error(path + ": " + strerror(errno));
  struct stat info = {};
  Status regular = checkRegular(file, path, info);
  size_t bytes = regular ? info.st_size : 0;
  void *start = bytes ? mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0) : nullptr;
  std::string reason = start == MAP_FAILED ? strerror(errno) : "";
  close(file);
  if (!regular)
    return std::unexpected(regular.error());
  if (start == MAP_FAILED)
    return error(path + ": cannot map " + std::to_string(bytes) + " bytes: " + reason);
  return Mapping(static_cast<std::byte *>(start), bytes);
}

Mapping::~Mapping() {
  if (start)
    munmap(start, length);
}

} // namespace phirt
