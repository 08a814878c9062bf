// Written with pwrite, not through a mapping: a full disk is an error to report, not a SIGBUS.

#include "Output.h"
#include "phirt/abi.h"
#include "llvm/Support/FileSystem.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

using namespace llvm;

namespace phidias {

static Error systemError(StringRef path, StringRef what) {
  return createStringError("%s: %s: %s", path.str().c_str(), what.str().c_str(),
                           std::strerror(errno));
}

Expected<Output> Output::create(StringRef path, uint64_t bytes) {
  int file = ::open(path.str().c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  if (file < 0)
    return systemError(path, "cannot create");
  Output output(path.str(), file);
  auto space = sys::fs::disk_space(path);
  if (space && space->available < bytes)
    return createStringError("%s: needs %llu bytes, the disk has %llu free", path.str().c_str(),
                             static_cast<unsigned long long>(bytes),
                             static_cast<unsigned long long>(space->available));
  return output;
}

Output::Output(std::string path, int file) : path(std::move(path)), file(file) {}
Output::Output(Output &&other)
    : path(std::move(other.path)), file(std::exchange(other.file, -1)), done(other.done),
      hasher(other.hasher) {}
Output::~Output() {
  if (file >= 0)
    ::close(file);
}

Error Output::writeAt(ArrayRef<uint8_t> data, uint64_t offset) {
  while (!data.empty()) {
    ssize_t written = ::pwrite(file, data.data(), data.size(), offset);
    if (written < 0 && errno != EINTR)
      return systemError(path, "cannot write");
    written = std::max<ssize_t>(written, 0);
    data = data.drop_front(written);
    offset += written;
  }
  return Error::success();
}

Error Output::append(ArrayRef<uint8_t> data) {
  hasher.update(data);
  if (Error failure = writeAt(data, sizeof(phirt::abi::WeightsHeader) + done))
    return failure;
  done += data.size();
  return Error::success();
}

Error Output::padTo(uint64_t offset) {
  static constexpr uint8_t kZeros[4096] = {};
  while (done < offset)
    if (Error failure = append(ArrayRef(kZeros, std::min<uint64_t>(sizeof(kZeros), offset - done))))
      return failure;
  return Error::success();
}

Error Output::finish(ArrayRef<uint8_t> header) {
  if (Error failure = writeAt(header, 0))
    return failure;
  if (::close(std::exchange(file, -1)) != 0)
    return systemError(path, "cannot write");
  return Error::success();
}

} // namespace phidias
