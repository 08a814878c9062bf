// The file: "PHICUBIN", the BLAKE3 of the code, the code.

#include "device/cuda/KernelCache.h"
#include "support/Blake3.h"
#include "support/Mapping.h"
#include "support/Output.h"
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace phirt::cuda {
namespace {

constexpr std::string_view kMagic = "PHICUBIN";
constexpr size_t kHeaderBytes = kMagic.size() + sizeof(Blake3::Digest);

std::span<const std::byte> bytesOf(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string_view textOf(const Blake3::Digest &digest) {
  return {reinterpret_cast<const char *>(digest.data()), digest.size()};
}

Blake3::Digest hashOf(std::string_view text) {
  Blake3 hash;
  hash.update(bytesOf(text));
  return hash.digest();
}

/// As the XDG Base Directory Specification says; empty where the user has no home.
std::string cacheFolder() {
  const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (cache && cache[0] == '/')
    return std::string(cache) + "/phidias";
  return home && home[0] == '/' ? std::string(home) + "/.cache/phidias" : "";
}

std::string keyOf(const abi::DeviceImage &image, const Gpu &gpu, int driverVersion) {
  std::string key(image.ptx, image.bytes);
  key += '\0' + std::to_string(driverVersion) + '\0' + gpu.name;
  return key + '\0' + std::to_string(gpu.capability);
}

std::string hexadecimal(const Blake3::Digest &digest) {
  std::string text;
  for (unsigned char byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

void makeFolder(const std::string &path) {
  mkdir(path.substr(0, path.rfind('/')).c_str(), 0700);
  mkdir(path.c_str(), 0700);
}

} // namespace

KernelCache::KernelCache(const abi::DeviceImage &image, const Gpu &gpu, int driverVersion)
    : folder(cacheFolder()),
      path(folder + "/" + hexadecimal(hashOf(keyOf(image, gpu, driverVersion))) + ".cubin") {}

std::optional<std::string> KernelCache::read() const {
  if (folder.empty())
    return std::nullopt;
  Result<Mapping> file = Mapping::readFile(path);
  if (!file || file->size() < kHeaderBytes)
    return std::nullopt;
  std::string_view all(reinterpret_cast<const char *>(file->data()), file->size());
  std::string_view cubin = all.substr(kHeaderBytes);
  if (!all.starts_with(kMagic) ||
      all.substr(kMagic.size(), sizeof(Blake3::Digest)) != textOf(hashOf(cubin)))
    return std::nullopt;
  return std::string(cubin);
}

void KernelCache::write(std::string_view cubin) const {
  if (folder.empty())
    return;
  makeFolder(folder);
  std::string temporary = path + ".tmp" + std::to_string(getpid());
  int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0)
    return;
  Status status = writeAll(file, kMagic, temporary);
  for (std::string_view part : {textOf(hashOf(cubin)), cubin})
    if (status)
      status = writeAll(file, part, temporary);
  if (close(file) != 0 || !status || rename(temporary.c_str(), path.c_str()) != 0)
    unlink(temporary.c_str());
}

} // namespace phirt::cuda
