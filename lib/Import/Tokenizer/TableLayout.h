#pragma once
/// A table while it is written: sections of bytes and one text, as phirt/abi/Tokenizer.h draws
/// them.

#include "Parts.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>

namespace phidias::tokenizer {

struct Layout {
  abi::Header header{};
  std::string text;
  std::vector<uint8_t> bytes = std::vector<uint8_t>(sizeof(abi::Header));

  abi::Text add(llvm::StringRef string) {
    abi::Text where{static_cast<uint32_t>(text.size()), static_cast<uint32_t>(string.size())};
    text += string;
    return where;
  }

  template <class T> abi::Section section(const T *elements, size_t count) {
    bytes.resize(llvm::alignTo(bytes.size(), 8));
    abi::Section where{static_cast<uint32_t>(bytes.size()), static_cast<uint32_t>(count)};
    bytes.resize(bytes.size() + count * sizeof(T));
    if (count)
      std::memcpy(bytes.data() + where.offset, elements, count * sizeof(T));
    return where;
  }
  template <class T> abi::Section section(const std::vector<T> &v) {
    return section(v.data(), v.size());
  }
};

/// What a token decodes to, and how the runtime treats it.
struct Spelling {
  std::string text;
  uint32_t flags = abi::NamedToken::kHidden; ///< of an id without a token
};

// Spelling.cpp
/// Of every id, with or without a token.
std::vector<Spelling> spellingsOf(const Parts &parts);

// WriteMerges.cpp
/// In the order of their ranks; of those given twice the last.
void sortMerges(std::vector<Merge> &merges);
/// The tokens whose texts the runtime cannot put together from `merges`.
void writeNamed(const std::vector<Spelling> &tokens, const std::vector<Merge> &merges, Layout &out);
/// `merges` after sortMerges; needs `out.header.vocab`.
void writeMerges(const std::vector<Merge> &merges, Layout &out);

} // namespace phidias::tokenizer
