#pragma once
#include "llvm/Support/Error.h"
#include <string>

namespace phidias {

/// A name beside `target` that becomes `target` when kept, and is removed otherwise, also when a
/// signal ends us.
class TemporaryFile {
public:
  explicit TemporaryFile(llvm::StringRef target);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile &) = delete;
  llvm::StringRef path() const { return name; }
  llvm::Error keep();

private:
  std::string target, name;
  bool kept = false;
};

} // namespace phidias
