#pragma once
/// The weights file being written: data in order, hashed on the way.

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/Error.h"
#include <string>

namespace phidias {

class Output {
public:
  static llvm::Expected<Output> create(llvm::StringRef path, uint64_t bytes);
  Output(Output &&other);
  ~Output();

  /// Appends data after the header.
  llvm::Error append(llvm::ArrayRef<uint8_t> data);
  /// Appends zeros up to data offset `offset`.
  llvm::Error padTo(uint64_t offset);
  uint64_t dataBytes() const { return done; }
  llvm::BLAKE3Result<32> dataHash() { return hasher.final<32>(); }
  /// Writes the header and closes the file.
  llvm::Error finish(llvm::ArrayRef<uint8_t> header);

private:
  Output(std::string path, int file);
  llvm::Error writeAt(llvm::ArrayRef<uint8_t> data, uint64_t offset);

  std::string path;
  int file;
  uint64_t done = 0;
  llvm::BLAKE3 hasher;
};

} // namespace phidias
