#pragma once
#include "phirt/Status.h"
#include <memory>
#include <string_view>

extern "C" {
struct pcre2_real_code_8;
struct pcre2_real_match_data_8;
}

namespace phirt {

/// A compiled pattern; immutable, so that threads may share it.
class Pattern {
public:
  static Result<Pattern> compile(std::string_view pattern);
  /// Whether the whole of `character` matches.
  bool matches(std::string_view character) const;

private:
  friend class Matches;
  struct Free {
    void operator()(pcre2_real_code_8 *code) const;
  };
  std::unique_ptr<pcre2_real_code_8, Free> code;
};

/// The matches of a pattern in valid UTF-8, one after the other, as Oniguruma finds them: an empty
/// match right behind the last one does not count.
class Matches {
public:
  Matches(const Pattern &pattern, std::string_view text);
  /// False at the end, and for good where the matcher gives up at its limits.
  bool next(size_t &begin, size_t &end);

private:
  int match() const;
  struct Free {
    void operator()(pcre2_real_match_data_8 *data) const;
  };
  const Pattern &pattern;
  std::string_view text;
  std::unique_ptr<pcre2_real_match_data_8, Free> data;
  size_t from = 0, lastEnd = SIZE_MAX;
};

} // namespace phirt
