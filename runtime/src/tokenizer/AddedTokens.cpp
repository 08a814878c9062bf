#include "AddedTokens.h"
#include "Utf8.h"
#include <algorithm>

namespace phirt {

using namespace abi::tokenizer;

Result<AddedTokens> AddedTokens::open(const TokenizerTable &table, Section section) {
  AddedTokens set;
  set.table = &table;
  set.tokens = table.view<AddedToken>(section);
  bool singleWord = false;
  for (const AddedToken &token : set.tokens) {
    set.starts[static_cast<unsigned char>(table.text(token.content)[0])] = true;
    singleWord |= token.flags & AddedToken::kSingleWord;
  }
  if (!singleWord)
    return set;
  Result<Pattern> word = Pattern::compile(table.text(table.header().wordCharacter));
  if (!word)
    return std::unexpected(word.error());
  set.wordCharacter = std::move(*word);
  return set;
}

static bool mayStand(const AddedToken &token, std::string_view trust) {
  return token.flags & AddedToken::kPlain || trust.find('\0') == std::string_view::npos;
}

/// The longest token that `rest` starts with. Of all tokens that sort at or before the text, the
/// last either is a start of it, or shares with it as much as any start of it can: then the search
/// goes on with that much.
const AddedToken *AddedTokens::longestAt(MarkedView rest) const {
  std::string_view text = rest.text;
  auto contentOf = [&](const AddedToken &token) { return table->text(token.content); };
  while (!text.empty()) {
    auto after = std::ranges::upper_bound(tokens, text, {}, contentOf);
    if (after == tokens.begin())
      return nullptr;
    const AddedToken &token = *(after - 1);
    std::string_view content = contentOf(token);
    size_t common = std::ranges::mismatch(text, content).in1 - text.begin();
    if (common == content.size() && mayStand(token, rest.trust.substr(0, common)))
      return &token;
    text = text.substr(0, common == content.size() ? common - 1 : common);
  }
  return nullptr;
}

bool AddedTokens::standsAlone(std::string_view text, size_t begin, size_t end) const {
  auto isWord = [&](std::string_view character) { return wordCharacter->matches(character); };
  if (begin > 0) {
    size_t start = utf8::previous(text, begin);
    if (isWord(text.substr(start, begin - start)))
      return false;
  }
  std::string_view rest = text.substr(end);
  return rest.empty() || !isWord(rest.substr(0, utf8::read(rest).length));
}

static size_t skipSpacesLeft(std::string_view text, size_t begin, size_t least) {
  while (begin > least) {
    size_t start = utf8::previous(text, begin);
    if (!utf8::isSpace(utf8::read(text.substr(start)).codePoint))
      break;
    begin = start;
  }
  return std::max(begin, least);
}

static size_t skipSpacesRight(std::string_view text, size_t end) {
  while (end < text.size()) {
    utf8::Unit unit = utf8::read(text.substr(end));
    if (!utf8::isSpace(unit.codePoint))
      break;
    end += unit.length;
  }
  return end;
}

std::vector<Stretch> AddedTokens::split(MarkedView text) const {
  std::vector<Stretch> stretches;
  size_t done = 0; // where the last stretch ends
  for (size_t at = 0; at < text.text.size();) {
    bool possible = starts[static_cast<unsigned char>(text.text[at])];
    const AddedToken *token = possible ? longestAt(text.sub(at, text.text.size())) : nullptr;
    if (!token) {
      ++at;
      continue;
    }
    size_t begin = at, end = at + token->content.length;
    at = end; // white space that a token swallows is still searched, as in the reference
    if (token->flags & AddedToken::kSingleWord && !standsAlone(text.text, begin, end))
      continue;
    if (token->flags & AddedToken::kLeftStrip)
      begin = skipSpacesLeft(text.text, begin, done);
    if (token->flags & AddedToken::kRightStrip)
      end = skipSpacesRight(text.text, end);
    if (done < begin)
      stretches.push_back({-1, done, begin});
    stretches.push_back({token->id, begin, end});
    done = end;
  }
  if (done < text.text.size())
    stretches.push_back({-1, done, text.text.size()});
  return stretches;
}

} // namespace phirt
