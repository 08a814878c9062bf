#pragma once
#include "phidias/Report/Report.h"
#include "llvm/Support/JSON.h"

namespace phidias::report {

/// Lines for the table; empty without a device.
std::string deviceLines(const DeviceReport &device);
llvm::json::Object deviceObject(const DeviceReport &device);

} // namespace phidias::report
