// In programs for processors: no driver is looked for.
#include "device/Device.h"

namespace phirt {

Result<std::unique_ptr<Executor>> openDevice(const abi::Model &, const Weights &, int64_t,
                                             const DeviceOptions &) {
  return error("this program's code is for a GPU, and its runtime for processors alone");
}

} // namespace phirt
