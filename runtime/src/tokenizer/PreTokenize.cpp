#include "Impl.h"

namespace phirt {

using abi::tokenizer::Step;

using Words = std::vector<std::string_view>;

static void splitWord(const Pattern &pattern, uint32_t kind, std::string_view word, Words &out) {
  size_t done = 0, begin, end;
  auto keep = [&](bool wanted, size_t from, size_t to) {
    if (wanted && from < to)
      out.push_back(word.substr(from, to - from));
  };
  Matches matches(pattern, word);
  while (matches.next(begin, end)) {
    keep(kind != Step::kKeepMatches, done, begin);
    keep(kind != Step::kDropMatches, begin, end);
    done = end;
  }
  keep(kind != Step::kKeepMatches, done, word.size());
}

static std::string_view withSpace(std::string_view word,
                                  std::vector<std::unique_ptr<std::string>> &storage) {
  if (word.starts_with(' '))
    return word;
  storage.push_back(std::make_unique<std::string>(" " + std::string(word)));
  return *storage.back();
}

Words preTokenize(const Tokenizer::Impl &impl, std::string_view text,
                  std::vector<std::unique_ptr<std::string>> &storage) {
  std::span<const Step> steps = impl.table.view<Step>(impl.table.header().steps);
  Words words{text}, next;
  for (size_t i = 0; i < steps.size(); ++i) {
    next.clear();
    for (std::string_view word : words) {
      if (steps[i].kind == Step::kPrefixSpace)
        next.push_back(withSpace(word, storage));
      else
        splitWord(impl.patterns[i], steps[i].kind, word, next);
    }
    std::swap(words, next);
  }
  return words;
}

} // namespace phirt
