#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace phirt {

/// Text on its way out, ended before the first stop text. What could be the start of one is held
/// back.
class TextStream {
public:
  /// `mostBytes`: of one push; room for them is taken at once.
  TextStream(std::vector<std::string> stops, size_t mostBytes);

  /// Takes more text; gives what may be shown now. Valid until the next call; allocates nothing.
  std::string_view push(std::string_view text);
  /// Gives what was held back: nothing more comes.
  std::string_view finish();
  bool stopped() const { return isStopped; }

private:
  size_t findStop() const;
  size_t heldBack() const;

  std::vector<std::string> stops;
  std::string pending;
  size_t shown = 0; ///< bytes of `pending` that were given out
  bool isStopped = false;
};

} // namespace phirt
