// Writes a program's own hash into it, for `verify`.

#include "WriteFile.h"
#include "phidias/Emit/Emit.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/FileOutputBuffer.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace phidias {

Error sealProgram(StringRef path, const Hash &marker) {
  auto file = MemoryBuffer::getFile(path, false, false, /*IsVolatile=*/true);
  if (!file)
    return createStringError(file.getError(), "%s: cannot read", path.str().c_str());
  std::string bytes = (*file)->getBuffer().str();
  StringRef needle(reinterpret_cast<const char *>(marker.data()), marker.size());
  size_t at = StringRef(bytes).find(needle);
  if (at == StringRef::npos)
    return createStringError("%s: has no place for its hash", path.str().c_str());
  std::fill_n(bytes.begin() + at, marker.size(), 0);
  auto hash = BLAKE3::hash(ArrayRef(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()));
  std::copy(hash.begin(), hash.end(), bytes.begin() + at);
  return writeFile(path, bytes);
}

} // namespace phidias
