#pragma once
#include "phirt/Status.h"
#include "phirt/abi/Blob.h"
#include "phirt/abi/Tokenizer.h"
#include <optional>
#include <span>

namespace phirt {

/// The table where it lies. Sections are checked once, stretches and ids whenever they are used, so
/// that opening does not read the whole table.
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
  std::string_view text(abi::tokenizer::Text text) const;

  size_t vocab() const { return head->tokens.count; }
  bool isToken(int64_t id) const { return id >= 0 && id < static_cast<int64_t>(vocab()); }
  /// None for an unknown id.
  const abi::tokenizer::Token *token(int64_t id) const;
  /// The id of a whole word.
  std::optional<int32_t> lookup(std::string_view key) const;
  /// The merge of two neighbours.
  const abi::tokenizer::Merge *merge(int32_t left, int32_t right) const;
  /// -1 where there is none.
  int32_t byteId(unsigned char byte) const { return view<int32_t>(head->byteIds)[byte]; }

private:
  const char *base = nullptr;
  const abi::tokenizer::Header *head = nullptr;
};

} // namespace phirt
