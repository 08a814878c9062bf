// Links in process with lld: the runtime, libc and start-up files were linked together when Phidias
// was built.

#include "WriteFile.h"
#include "lld/Common/Driver.h"
#include "phidias/Emit/Emit.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
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
  std::vector<std::string> temporaries;
  scope_exit cleanup([&] {
    for (const std::string &path : temporaries)
      sys::fs::remove(path);
  });
  for (const ObjectBytes &object : objects) {
    temporaries.push_back((output + "." + Twine(temporaries.size()) + ".o").str());
    if (Error failure = writeFile(temporaries.back(), {object.data(), object.size()}))
      return failure;
    arguments.push_back(temporaries.back());
  }
  return runLld(arguments, output);
}

} // namespace phidias
