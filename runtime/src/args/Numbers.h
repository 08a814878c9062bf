#pragma once
#include "phirt/Status.h"
#include <cstdint>
#include <string_view>
#include <vector>

namespace phirt {

/// A whole number in [low, high]; `name` stands in the error.
Result<int64_t> parseInteger(std::string_view name, std::string_view text, int64_t low,
                             int64_t high);
/// A finite number in [low, high].
Result<double> parseReal(std::string_view name, std::string_view text, double low, double high);
/// Token ids with commas between: "1,2,3". Blanks around a number are allowed.
Result<std::vector<int32_t>> parseTokens(std::string_view name, std::string_view text);

} // namespace phirt
