#include "verbs/Verbs.h"

namespace phirt {

Status runTokenize(const abi::Model &model, const Options &options) {
  return error("not built yet");
}

} // namespace phirt
