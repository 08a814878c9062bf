#include "WriteFile.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace phidias {

Error writeFile(StringRef path, StringRef bytes, StringRef name) {
  std::error_code failure;
  raw_fd_ostream stream(path, failure);
  if (!failure) {
    stream << bytes;
    stream.close();
    failure = stream.error();
    stream.clear_error();
  }
  if (failure)
    return createStringError(failure, "%s: cannot write: %s",
                             (name.empty() ? path : name).str().c_str(), failure.message().c_str());
  return Error::success();
}

} // namespace phidias
