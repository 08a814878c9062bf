#include "TemporaryFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"

using namespace llvm;

namespace phidias {

TemporaryFile::TemporaryFile(StringRef target)
    : target(target), name((target + ".tmp" + Twine(sys::Process::getProcessId())).str()) {
  sys::RemoveFileOnSignal(name);
}

TemporaryFile::~TemporaryFile() {
  sys::DontRemoveFileOnSignal(name);
  if (!kept)
    sys::fs::remove(name);
}

Error TemporaryFile::keep() {
  if (std::error_code failure = sys::fs::rename(name, target))
    return createStringError(failure, "%s: cannot write: %s", target.c_str(),
                             failure.message().c_str());
  kept = true;
  return Error::success();
}

} // namespace phidias
