#include "Bpe.h"
#include "Impl.h"
#include "Utf8.h"

namespace phirt {

using namespace abi::tokenizer;

Tokenizer::Tokenizer(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
Tokenizer::Tokenizer(Tokenizer &&) noexcept = default;
Tokenizer &Tokenizer::operator=(Tokenizer &&) noexcept = default;
Tokenizer::~Tokenizer() = default;

static Status compilePatterns(Tokenizer::Impl &impl) {
  for (const Step &step : impl.table.view<Step>(impl.table.header().steps)) {
    std::string_view text =
        step.kind == Step::kPrefixSpace ? "(?!)" : impl.table.text(step.pattern);
    Result<Pattern> pattern = Pattern::compile(text);
    if (!pattern)
      return std::unexpected(pattern.error());
    impl.patterns.push_back(std::move(*pattern));
  }
  return {};
}

static Status openAdded(Tokenizer::Impl &impl) {
  const Header &header = impl.table.header();
  Result<AddedTokens> added = AddedTokens::open(impl.table, header.added);
  Result<AddedTokens> normal = AddedTokens::open(impl.table, header.normalAdded);
  if (!added || !normal)
    return std::unexpected((added ? normal : added).error());
  impl.added = std::move(*added);
  impl.normalAdded = std::move(*normal);
  return {};
}

Result<Tokenizer> Tokenizer::open(abi::Blob blob) {
  Result<TokenizerTable> table = TokenizerTable::open(blob);
  if (!table)
    return std::unexpected(table.error());
  auto impl = std::make_unique<Impl>();
  impl->table = std::move(*table);
  Status status = compilePatterns(*impl);
  if (status)
    status = openAdded(*impl);
  if (!status)
    return std::unexpected(status.error());
  return Tokenizer(std::move(impl));
}

namespace {
/// One run of encode: the scratch memory that its words share.
struct Encoder {
  const Tokenizer::Impl &impl;
  Bpe bpe;
  std::vector<int32_t> ids;

  explicit Encoder(const Tokenizer::Impl &impl) : impl(impl), bpe(impl.table) {}

  void words(std::string_view text) {
    std::vector<std::unique_ptr<std::string>> storage;
    for (std::string_view word : preTokenize(impl, text, storage))
      bpe.encode(word, ids);
  }

  void normalised(MarkedView text) {
    for (Stretch s : impl.normalAdded.split(text))
      if (s.id >= 0)
        ids.push_back(s.id);
      else
        words(text.text.substr(s.begin, s.end - s.begin));
  }

  void all(MarkedView text) {
    bool plain = impl.table.header().normalizers.count == 0;
    for (Stretch s : impl.added.split(text))
      if (s.id >= 0)
        ids.push_back(s.id);
      else if (MarkedView between = text.sub(s.begin, s.end); plain)
        normalised(between);
      else
        normalised(normalize(impl.table, between));
  }
};
} // namespace

std::vector<int32_t> Tokenizer::encode(std::span<const Piece> pieces) const {
  Marked text;
  for (const Piece &piece : pieces) {
    utf8::appendValid(piece.text, text.text);
    text.trust.resize(text.text.size(), piece.trusted);
  }
  Encoder encoder(*impl);
  encoder.all(text);
  return std::move(encoder.ids);
}

std::vector<int32_t> Tokenizer::encode(std::string_view text) const {
  Piece piece{std::string(text), true};
  return encode(std::span(&piece, 1));
}

} // namespace phirt
