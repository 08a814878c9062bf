#pragma once
#include "phirt/Status.h"
#include "phirt/abi.h"

namespace phirt {

/// The model with `code` set: the first, and so the best, of its codes that this machine can run.
/// Where there is none, the error names what the least demanding one misses. Runs nothing of them.
Result<abi::Model> chooseCode(const abi::Model &model);

} // namespace phirt
