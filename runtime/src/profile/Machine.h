#pragma once
#include "phirt/Status.h"
#include "phirt/abi.h"
#include <optional>

namespace phirt {

/// What the machine gives at most, measured with as many threads as the model runs on.
struct Machine {
  double bytesPerSecond = 0;          ///< B: reading memory
  std::optional<double> opsPerSecond; ///< P: int8 operations, a multiply-add is two; none where the
                                      ///< code brings no abi::Peak
};

/// Takes about a second.
Result<Machine> measureMachine(const abi::Code &code, int64_t threads);

} // namespace phirt
