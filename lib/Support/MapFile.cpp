#include "phidias/Support/MapFile.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace phidias {

Expected<std::unique_ptr<MemoryBuffer>> mapFile(StringRef path) {
  if (!sys::fs::is_regular_file(path))
    return createStringError("%s: no such file", path.str().c_str());
  auto file = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return createStringError(file.getError(), "%s: cannot read: %s", path.str().c_str(),
                             file.getError().message().c_str());
  if ((*file)->getBufferSize() == 0)
    return createStringError("%s: the file is empty", path.str().c_str());
  return std::move(*file);
}

} // namespace phidias
