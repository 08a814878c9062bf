#pragma once
#include "phirt/Status.h"
#include "phirt/Text.h"
#include "phirt/abi/Blob.h"
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace phirt {

/// Text to token ids and back, over the table that the compiler placed in the program
/// (phirt/abi/Tokenizer.h). Opening unpacks it: some 10 ms for a vocabulary of 100,000.
class Tokenizer {
public:
  static Result<Tokenizer> open(abi::Blob table);
  Tokenizer(Tokenizer &&) noexcept;
  Tokenizer &operator=(Tokenizer &&) noexcept;
  ~Tokenizer();

  /// Ids of a prompt in pieces: special tokens are recognised in trusted pieces alone, and
  /// pre-tokenisation crosses the borders. Invalid UTF-8 is taken as U+FFFD, as Python's
  /// errors="replace" does.
  std::vector<int32_t> encode(std::span<const Piece> pieces) const;
  /// As tokenizers.Tokenizer.encode(text, add_special_tokens=False): special tokens are recognised.
  std::vector<int32_t> encode(std::string_view text) const;

  /// As tokenizers.Tokenizer.decode. Bytes that form no UTF-8 become U+FFFD.
  std::string decode(std::span<const int32_t> ids, bool skipSpecialTokens) const;

  /// The raw bytes of one token (empty for an unknown id).
  std::string tokenBytes(int32_t id) const;
  bool isSpecial(int32_t id) const;
  int64_t vocabSize() const;

  struct Impl;

private:
  friend class StreamDecoder;
  explicit Tokenizer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

/// Decodes one token at a time and never gives out half a character. What it gives, joined, is what
/// decode gives, but for SentencePiece's fallback bytes that form no text: there decode replaces
/// the whole run, for it sees the run's end.
class StreamDecoder {
public:
  explicit StreamDecoder(const Tokenizer &tokenizer, bool skipSpecialTokens = true);
  /// Text that is complete after this token; may be empty. Valid until the next call; allocates
  /// nothing.
  std::string_view push(int32_t id);
  /// What is left; an unfinished character becomes U+FFFD. Valid as push's.
  std::string_view finish();
  /// Most bytes that one call gives.
  size_t mostBytes() const { return most; }

private:
  void take(size_t length);

  const Tokenizer &tokenizer;
  bool skipSpecialTokens;
  bool first = true;
  size_t most;
  std::string pending, ready; ///< room for the longest token is reserved
};

} // namespace phirt
