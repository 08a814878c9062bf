#include "phidias/Target/Registry.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace phidias {

Expected<std::vector<TargetSpec>> TargetRegistry::find(StringRef name) const {
  std::vector<std::string> known{"native"};
  for (const TargetFamily &family : families) {
    if (family.owns(name))
      return family.targets(name);
    append_range(known, family.names());
  }
  return createStringError("--target=%s: not a known target; known are %s", name.str().c_str(),
                           join(known, ", ").c_str());
}

} // namespace phidias
