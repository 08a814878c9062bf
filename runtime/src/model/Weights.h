#pragma once
#include "phirt/Status.h"
#include "phirt/abi.h"
#include "support/Mapping.h"
#include <string>

namespace phirt {

/// The weights file of a program: mapped, and checked to be the one that was compiled with it.
struct Weights {
  Mapping file;
  std::string path;

  const abi::WeightsHeader &header() const {
    return *reinterpret_cast<const abi::WeightsHeader *>(file.data());
  }
  const std::byte *data() const { return file.data() + sizeof(abi::WeightsHeader); }
  size_t dataBytes() const { return file.size() - sizeof(abi::WeightsHeader); }
};

/// Opens `path`, or where it is empty the program's own path with ".weights" behind it.
Result<Weights> openWeights(const abi::Model &model, std::string path);

/// Where the running program lies.
Result<std::string> programPath();

} // namespace phirt
