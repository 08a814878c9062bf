#include "model/Code.h"
#include "machine/Features.h"
#include <span>

namespace phirt {

Result<abi::Model> chooseCode(const abi::Model &model) {
  std::string missing;
  for (const abi::Code &code : std::span(model.codes, model.codeCount)) {
    missing = missingFeatures(code);
    if (!missing.empty())
      continue;
    abi::Model chosen = model;
    chosen.code = &code;
    return chosen;
  }
  const char *name = model.codes[model.codeCount - 1].name;
  return error("this program's code is for " + std::string(name) + ": this machine lacks " +
               missing);
}

} // namespace phirt
