#pragma once
#include "Pattern.h"
#include "Table.h"
#include <optional>
#include <string>
#include <vector>

namespace phirt {

/// Valid UTF-8 with a mark on every byte: 1 where the text is trusted.
struct MarkedView {
  std::string_view text, trust;

  MarkedView sub(size_t begin, size_t end) const {
    return {text.substr(begin, end - begin), trust.substr(begin, end - begin)};
  }
};

struct Marked {
  std::string text, trust;

  void append(std::string_view more, bool trusted) {
    text += more;
    trust.resize(text.size(), trusted);
  }
  operator MarkedView() const { return {text, trust}; }
};

/// A stretch of a text: an added token, or (`id` -1) what lies between two.
struct Stretch {
  int32_t id;
  size_t begin, end;
};

/// One of the table's two sets of added tokens.
class AddedTokens {
public:
  static Result<AddedTokens> open(const TokenizerTable &table, abi::tokenizer::Section section);

  /// From left to right, the longest first; only plain tokens are found in text that is not
  /// trusted.
  std::vector<Stretch> split(MarkedView text) const;

private:
  const abi::tokenizer::AddedToken *longestAt(MarkedView rest) const;
  bool standsAlone(std::string_view text, size_t begin, size_t end) const;

  const TokenizerTable *table = nullptr;
  std::span<const abi::tokenizer::AddedToken> tokens;
  bool starts[256] = {}; ///< whether a token starts with this byte
  std::optional<Pattern> wordCharacter;
};

} // namespace phirt
