#pragma once
/// What an open tokenizer holds, and its steps in order:
/// pieces → marked text → added tokens → normalised → added tokens again → words → ids.

#include "AddedTokens.h"
#include "Pattern.h"
#include "Table.h"
#include "phirt/Tokenizer.h"

namespace phirt {

struct Tokenizer::Impl {
  TokenizerTable table;
  AddedTokens added, normalAdded;
  std::vector<Pattern> patterns; ///< [steps]; of steps without a pattern: one that matches nothing
};

/// Text after the table's normalizers.
Marked normalize(const TokenizerTable &table, MarkedView text);

/// The words of a text between added tokens. `storage` owns those that are no stretch of it.
std::vector<std::string_view> preTokenize(const Tokenizer::Impl &impl, std::string_view text,
                                          std::vector<std::unique_ptr<std::string>> &storage);

} // namespace phirt
