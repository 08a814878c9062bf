#pragma once
#include "phirt/abi.h"
#include "profile/Machine.h"
#include "profile/Profile.h"
#include <string>
#include <vector>

namespace phirt {

/// What one stage took in all passes together.
struct StageTotal {
  const char *name;
  int64_t calls = 0;
  int64_t nanoseconds = 0;
  double bytes = 0; ///< of weights
  double ops = 0;   ///< a multiply-add is two
};

/// Stages of one kind of pass, prefill or decode.
struct Section {
  const char *name;
  int64_t passes, tokens;
  std::vector<StageTotal> stages; ///< in the model's order; then the rest of the passes
  StageTotal all;
};

Section totalsOf(const char *name, const abi::Model &model, const Profile &profile);
std::string tableOf(const Section &section, const Machine &machine);
std::string jsonOf(const Section &section, const Machine &machine);

/// Chrome's and Perfetto's trace format: one complete event a stage.
std::string traceOf(const char *name, const abi::Model &model, const Profile &profile);

} // namespace phirt
