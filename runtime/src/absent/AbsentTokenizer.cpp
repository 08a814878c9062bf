// Stands in for src/tokenizer where a tree lacks it, so that programs link: text is refused.
#include "phirt/Tokenizer.h"

namespace phirt {

struct Tokenizer::Impl {};

Result<Tokenizer> Tokenizer::open(abi::Blob) { return error("this runtime has no tokenizer"); }
Tokenizer::Tokenizer(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
Tokenizer::Tokenizer(Tokenizer &&) noexcept = default;
Tokenizer &Tokenizer::operator=(Tokenizer &&) noexcept = default;
Tokenizer::~Tokenizer() = default;
std::vector<int32_t> Tokenizer::encode(std::span<const Piece>) const { return {}; }
std::vector<int32_t> Tokenizer::encode(std::string_view) const { return {}; }
std::string Tokenizer::decode(std::span<const int32_t>, bool) const { return ""; }
std::string Tokenizer::tokenBytes(int32_t) const { return ""; }
bool Tokenizer::isSpecial(int32_t) const { return false; }
int64_t Tokenizer::vocabSize() const { return 0; }

StreamDecoder::StreamDecoder(const Tokenizer &tokenizer, bool skip)
    : tokenizer(tokenizer), skipSpecialTokens(skip) {}
std::string StreamDecoder::push(int32_t) { return ""; }
std::string StreamDecoder::finish() { return ""; }

} // namespace phirt
