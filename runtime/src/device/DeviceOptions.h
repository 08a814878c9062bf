#pragma once
#include <cstdint>
#include <optional>

namespace phirt {

/// How a pass is given to a device. No result depends on it.
enum class Launching {
  Auto,       ///< Persistent where the device can
  Persistent, ///< one launch, whose blocks wait for each other
  Chain,      ///< launches one after the other, none of whose blocks wait
};

struct DeviceOptions {
  std::optional<int64_t> number = {}; ///< which one, where there are several; default: 0
  Launching launching = Launching::Auto;
};

} // namespace phirt
