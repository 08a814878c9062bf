#pragma once
#include "device/DeviceOptions.h"
#include "model/Executor.h"
#include "model/Weights.h"
#include "phirt/abi.h"

namespace phirt {

/// Sets up the device that model.code->device is for, with the weights in its memory. A program is
/// linked either with device/cuda, or with device/NoDevice.cpp.
Result<std::unique_ptr<Executor>> openDevice(const abi::Model &model, const Weights &weights,
                                             int64_t positions, const DeviceOptions &options);

} // namespace phirt
