#pragma once
#include <string>
#include <vector>

namespace phidias::tool {

/// A verb gets the words after it and returns the exit code: 0, 1 on an error, 2 on wrong usage.
int compileVerb(const std::vector<std::string> &words);
int inspectVerb(const std::vector<std::string> &words);

} // namespace phidias::tool
