#pragma once
#include "phidias/Import/Gguf/Metadata.h"
#include "llvm/Support/Error.h"
#include <optional>

namespace phidias {

/// Typed access to the keys of a GGUF file; errors name file and key.
class GgufKeys {
public:
  GgufKeys(const GgufMetadata &metadata, llvm::StringRef path) : metadata(metadata), path(path) {}

  const GgufValue *find(const llvm::Twine &key) const;
  llvm::Expected<int64_t> integer(const llvm::Twine &key,
                                  std::optional<int64_t> preset = std::nullopt) const;
  llvm::Expected<double> real(const llvm::Twine &key,
                              std::optional<double> preset = std::nullopt) const;
  llvm::Expected<llvm::StringRef> text(const llvm::Twine &key) const;
  llvm::Error error(const llvm::Twine &key, const llvm::Twine &what) const;

private:
  const GgufMetadata &metadata;
  llvm::StringRef path;
};

} // namespace phidias
