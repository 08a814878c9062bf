#pragma once
#include <expected>
#include <string>

namespace phirt {

/// What went wrong, in one line without a full stop. Only main prints it.
struct Error {
  std::string message;
};

template <class T> using Result = std::expected<T, Error>;
using Status = Result<void>;

inline std::unexpected<Error> error(std::string message) {
  return std::unexpected(Error{std::move(message)});
}

} // namespace phirt
