#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace phirt {

/// Text on its way out, ended before the first stop text. What could be the start of one is held
/// back.
class TextStream {
public:
  explicit TextStream(std::vector<std::string> stops) : stops(std::move(stops)) {}

  /// Takes more text; gives what may be shown now.
  std::string push(std::string_view text);
  /// Gives what was held back: nothing more comes.
  std::string finish();
  bool stopped() const { return isStopped; }

private:
  size_t findStop() const;
  size_t heldBack() const;

  std::vector<std::string> stops;
  std::string pending;
  bool isStopped = false;
};

} // namespace phirt
