// Links in process with lld: the runtime, libc and start-up files were linked together when Phidias
// was built.

#include "WriteFile.h"
#include "lld/Common/Driver.h"
#include "phidias/Emit/Emit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

LLD_HAS_DRIVER(elf)

using namespace llvm;

namespace phidias {

static Error runLld(ArrayRef<std::string> arguments, StringRef output) {
  SmallVector<const char *> raw;
  for (const std::string &argument : arguments)
    raw.push_back(argument.c_str());
  std::string text;
  raw_string_ostream messages(text);
  const lld::DriverDef drivers[] = {{lld::Gnu, &lld::elf::link}};
  lld::Result result = lld::lldMain(raw, messages, messages, drivers);
  if (result.retCode != 0)
    return createStringError("%s: linking failed: %s", output.str().c_str(),
                             StringRef(text).split('\n').first.str().c_str());
  return Error::success();
}

/// Files that are gone when this is.
class ObjectFiles {
public:
  ~ObjectFiles() {
    for (const std::string &path : paths)
      sys::fs::remove(path);
  }

  /// `stem`.0.o, `stem`.1.o, ...
  Error write(ArrayRef<ObjectBytes> objects, StringRef stem) {
    for (const ObjectBytes &object : objects) {
      paths.push_back((stem + "." + Twine(paths.size()) + ".o").str());
      if (Error failure = writeFile(paths.back(), {object.data(), object.size()}))
        return failure;
    }
    return Error::success();
  }

  std::vector<std::string> paths;
};

Error linkProgram(ArrayRef<ObjectBytes> objects, const TargetSpec &target, StringRef runtimePath,
                  StringRef output) {
  // Beside the runtime lie stubs of the libraries that it needs, where a target names any.
  std::vector<std::string> arguments{"ld.lld",
                                     "--gc-sections",
                                     "--strip-all",
                                     "-o",
                                     output.str(),
                                     "-L",
                                     sys::path::parent_path(runtimePath).str(),
                                     runtimePath.str()};
  append_range(arguments, target.linkArguments);
  ObjectFiles files;
  if (Error failure = files.write(objects, output))
    return failure;
  append_range(arguments, files.paths);
  return runLld(arguments, output);
}

Expected<ObjectBytes> joinObjects(ArrayRef<ObjectBytes> objects, const TargetSpec &target) {
  SmallString<128> joined;
  if (std::error_code code = sys::fs::createTemporaryFile("phidias", "o", joined))
    return createStringError(code, "no temporary file");
  FileRemover remover(joined);
  ObjectFiles files;
  if (Error failure = files.write(objects, joined))
    return std::move(failure);
  std::vector<std::string> arguments{"ld.lld", "-r", "-o", joined.str().str()};
  append_range(arguments, target.linkArguments);
  append_range(arguments, files.paths);
  if (Error failure = runLld(arguments, joined))
    return std::move(failure);
  auto content = MemoryBuffer::getFile(joined);
  if (!content)
    return createStringError(content.getError(), "%s", joined.c_str());
  StringRef bytes = (*content)->getBuffer();
  return ObjectBytes(bytes.begin(), bytes.end());
}

} // namespace phidias
