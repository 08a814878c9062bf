#pragma once
#include "phidias/Support/Json.h"
#include <optional>

namespace phidias {

/// Numbers that a key may have, both ends included.
template <class T> struct Range {
  T least, most;
};

/// Typed access to the keys of a JSON object; null counts as absent. Errors name file, key, what
/// was expected and what the file has.
class JsonKeys {
public:
  /// `prefix` goes before keys in messages: "rope_scaling.".
  JsonKeys(const llvm::json::Object &object, llvm::StringRef path, llvm::StringRef prefix = "")
      : object(object), path(path), prefix(prefix) {}

  const llvm::json::Value *find(llvm::StringRef key) const;
  /// These change `target` only where the key is present.
  llvm::Error integer(int64_t &target, llvm::StringRef key, Range<int64_t> range) const;
  llvm::Error real(double &target, llvm::StringRef key, Range<double> range) const;
  llvm::Error boolean(bool &target, llvm::StringRef key) const;
  llvm::Error text(std::string &target, llvm::StringRef key) const;
  llvm::Error reals(std::vector<double> &target, llvm::StringRef key, Range<double> range) const;
  /// One integer or an array of them.
  llvm::Error integers(std::vector<int64_t> &target, llvm::StringRef key,
                       Range<int64_t> range) const;

  llvm::Error require(llvm::StringRef key) const;
  llvm::Error wrong(llvm::StringRef key, const llvm::Twine &expected) const;
  llvm::Error error(llvm::StringRef key, const llvm::Twine &what) const;

private:
  const llvm::json::Object &object;
  std::string path, prefix;
};

} // namespace phidias
