#pragma once
#include "args/Options.h"
#include "phirt/Status.h"
#include <span>

namespace phirt {

/// Reads a command line without the program's name. Errors name the flag.
Result<Options> parseArguments(std::span<const char *const> arguments);

/// What --help prints.
std::string helpText(const std::string &program);

} // namespace phirt
