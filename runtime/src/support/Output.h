#pragma once
#include "phirt/Status.h"
#include <string_view>

namespace phirt {

/// Writes all of it to standard output, at once.
Status writeOut(std::string_view text);
/// Writes all bytes to an open file; `name` stands in the error.
Status writeAll(int file, std::string_view bytes, std::string_view name);

} // namespace phirt
