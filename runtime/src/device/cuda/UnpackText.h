#pragma once
#include "phirt/Status.h"
#include "phirt/abi.h"
#include <string>
#include <vector>

namespace phirt::cuda {

/// `bytes` bytes of text from an LZ4 block, which may hold anything; an error where it does not
/// give just these.
Result<std::string> unpackText(std::string_view block, size_t bytes);

/// The code for a device with its images' texts as they are.
struct UnpackedCode {
  abi::DeviceCode code;
  std::vector<abi::DeviceImage> images;
  std::vector<std::string> texts;
};
Result<UnpackedCode> unpack(const abi::DeviceCode &code);

} // namespace phirt::cuda
