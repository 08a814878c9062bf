#pragma once
#include "phirt/Status.h"
#include "phirt/abi/Blob.h"
#include "phirt/abi/Tokenizer.h"
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace phirt {

/// What a token decodes to.
struct Token {
  static constexpr uint32_t kSpecial = abi::tokenizer::NamedToken::kSpecial;
  static constexpr uint32_t kByte = abi::tokenizer::NamedToken::kByte;
  static constexpr uint32_t kHidden = abi::tokenizer::NamedToken::kHidden;
  abi::tokenizer::Text text;
  uint32_t flags;
};

struct Merge {
  int32_t right, result;
  uint32_t rank; ///< the lowest goes first
};

/// The table, unpacked: some 3 MB and 10 ms for a vocabulary of 100,000. Sections and ids are
/// checked on the way, stretches of text whenever they are used.
class TokenizerTable {
public:
  static Result<TokenizerTable> open(abi::Blob blob);

  const abi::tokenizer::Header &header() const { return *head; }
  bool has(abi::tokenizer::Flags flag) const { return head->flags & flag; }

  /// Elements of a section that open() has checked.
  template <class T> std::span<const T> view(abi::tokenizer::Section section) const {
    return {reinterpret_cast<const T *>(base + section.offset), section.count};
  }
  /// Empty where the stretch is not inside the pool.
  std::string_view text(abi::tokenizer::Text text) const {
    bool inside = uint64_t(text.offset) + text.length <= pool.size();
    return inside ? std::string_view(pool).substr(text.offset, text.length) : std::string_view();
  }

  size_t vocab() const { return tokens.size(); }
  bool isToken(int64_t id) const { return id >= 0 && id < static_cast<int64_t>(vocab()); }
  /// None for an unknown id.
  const Token *token(int64_t id) const { return isToken(id) ? &tokens[id] : nullptr; }
  /// Bytes of the longest token.
  size_t longestToken() const { return longest; }
  /// The id of a whole word.
  std::optional<int32_t> lookup(std::string_view key) const;
  /// The merge of two neighbours.
  const Merge *merge(int32_t left, int32_t right) const;
  /// -1 where there is none.
  int32_t byteId(unsigned char byte) const { return view<int32_t>(head->byteIds)[byte]; }

private:
  struct Pair {
    int32_t left;
    Merge merge;
  };

  // Unpack.cpp, in this order:
  Status unpackNamed();
  Result<std::vector<Pair>> unpackMerges() const;
  Status spellTokens(std::span<const Pair> pairs);
  void indexMerges(std::span<const Pair> pairs);
  void indexKeys();
  void addSlot(std::string_view key, uint32_t entry);
  std::string_view keyOf(uint32_t entry) const;

  const char *base = nullptr;
  const abi::tokenizer::Header *head = nullptr;
  std::string pool;                  ///< the table's text, then the texts that merges spell
  std::vector<Token> tokens;         ///< [vocab]
  std::vector<bool> isNamed;         ///< [vocab], while unpacking
  std::vector<Merge> merges;         ///< by left part, then rising in `right`
  std::vector<uint32_t> mergeStarts; ///< [vocab + 1]: where a left part's merges start
  /// A hash table of a power of two of slots, probed linearly: a token's id, or vocab + the index
  /// of a Key; -1: empty.
  std::vector<int32_t> slots;
  size_t longest = 0;
};

} // namespace phirt
