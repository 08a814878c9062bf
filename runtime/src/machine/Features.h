#pragma once
#include "phirt/abi.h"
#include <string>

namespace phirt {

/// What the processor says of itself; 0 for a word that it does not have.
uint64_t readFeatures(abi::FeatureWord word);

/// Names of what `code` needs and this machine lacks, with commas between; empty: it can run.
std::string missingFeatures(const abi::Code &code);

} // namespace phirt
