#include "machine/Features.h"
#include <span>

namespace phirt {

std::string missingFeatures(const abi::Code &code) {
  std::string missing;
  for (const abi::Feature &feature : std::span(code.features, code.featureCount))
    if ((readFeatures(feature.word) & feature.mask) != feature.mask)
      missing += (missing.empty() ? "" : ", ") + std::string(feature.name);
  return missing;
}

} // namespace phirt
