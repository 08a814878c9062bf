#pragma once
#include <cstddef>
#include <string>

namespace phirt {

/// A mapped file that shrinks, or a disk that fails, ends the program by SIGBUS: says which file,
/// and exits with 1.
void watchBusErrors(const std::string &path, const void *start, size_t bytes);

} // namespace phirt
