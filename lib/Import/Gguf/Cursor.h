#pragma once
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Error.h"

namespace phidias {

/// Reads little-endian values one after the other; past the end nothing is read and an error is
/// kept.
class Cursor {
public:
  Cursor(llvm::StringRef path, llvm::StringRef bytes) : path(path), bytes(bytes) {}

  template <class T> T read() {
    if (failed || bytes.size() - at < sizeof(T))
      return fail(), T();
    T value = llvm::support::endian::read<T, llvm::endianness::little>(bytes.data() + at);
    at += sizeof(T);
    return value;
  }

  /// A key or the name of a tensor: printable ASCII, so that it can stand in a message.
  llvm::StringRef readName() {
    llvm::StringRef name = readString();
    if (name.empty() || name.size() > kLongestName || !llvm::all_of(name, llvm::isPrint))
      return fail(), llvm::StringRef();
    return name;
  }

  llvm::StringRef readString() {
    uint64_t length = read<uint64_t>();
    if (failed || length > bytes.size() - at)
      return fail(), llvm::StringRef();
    llvm::StringRef text = bytes.substr(at, length);
    at += length;
    return text;
  }

  uint64_t left() const { return bytes.size() - at; }
  uint64_t offset() const { return at; }
  bool ok() const { return !failed; }
  llvm::Error error(const llvm::Twine &what) const {
    return llvm::createStringError("%s: at byte %llu: %s", path.str().c_str(),
                                   static_cast<unsigned long long>(at), what.str().c_str());
  }

private:
  static constexpr size_t kLongestName = 1024;

  void fail() { failed = true; }

  llvm::StringRef path, bytes;
  uint64_t at = 0;
  bool failed = false;
};

} // namespace phidias
