#pragma once
#include "phirt/Status.h"
#include <cstddef>
#include <string>
#include <utility>

namespace phirt {

/// Pages of memory or of a file, unmapped at the end.
class Mapping {
public:
  /// Huge: fewer misses in memory that is used whole. Small: no more than is touched.
  enum class Pages { Huge, Small };
  /// `bytes` of zeroed memory that takes room only where it is touched. `what` names it.
  static Result<Mapping> reserve(size_t bytes, Pages pages, const std::string &what);
  /// A whole file, to be read only.
  static Result<Mapping> readFile(const std::string &path);

  Mapping() = default;
  Mapping(Mapping &&other) noexcept
      : start(std::exchange(other.start, nullptr)), length(std::exchange(other.length, 0)) {}
  Mapping &operator=(Mapping &&other) noexcept {
    std::swap(start, other.start);
    std::swap(length, other.length);
    return *this;
  }
  ~Mapping();

  std::byte *data() const { return start; }
  size_t size() const { return length; }

private:
  Mapping(std::byte *start, size_t length) : start(start), length(length) {}
  std::byte *start = nullptr;
  size_t length = 0;
};

} // namespace phirt
