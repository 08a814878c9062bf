#pragma once
#include "model/Executor.h"
#include "model/Weights.h"
#include "phirt/abi.h"
#include <optional>

namespace phirt {

/// Sets up the device that model.code->device is for, with the weights in its memory. `number`:
/// which one, where there are several. A program is linked either with device/cuda, or with
/// device/NoDevice.cpp.
Result<std::unique_ptr<Executor>> openDevice(const abi::Model &model, const Weights &weights,
                                             int64_t positions, std::optional<int64_t> number);

} // namespace phirt
