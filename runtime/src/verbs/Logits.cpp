#include "verbs/Verbs.h"

namespace phirt {

Status runLogits(const abi::Model &model, const Options &options) { return error("not built yet"); }

} // namespace phirt
