// A block is a list of sequences: a token (numbers of literals and of bytes that are repeated, less
// 4, in 4 bits each; 15: more bytes follow), literals, how far back the repeated bytes lie. The
// last one has literals alone, 5 or more; the last repetition starts 12 bytes before the end or
// earlier.

#include "PackText.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Endian.h"

using namespace llvm;

namespace phidias {
namespace {

constexpr size_t kLeast = 4, kFarthest = 65535, kLastStart = 12, kLastLiterals = 5;
constexpr unsigned kTableBits = 16, kTries = 32;

class Packer {
public:
  explicit Packer(StringRef text) : text(text), chain(text.size()) {}

  std::string pack() {
    size_t end = text.size() > kLastStart ? text.size() - kLastStart : 0;
    for (size_t at = 0; at < end;) {
      size_t from = 0, length = longest(at, from);
      if (length < kLeast) {
        note(at++);
        continue;
      }
      sequence(at, length, at - from);
      for (size_t stop = at + length; at < stop; ++at)
        note(at);
      literals = at;
    }
    token(text.size() - literals, 0);
    packed += text.substr(literals);
    return std::move(packed);
  }

private:
  size_t slot(size_t at) const {
    return support::endian::read32le(text.data() + at) * 2654435761u >> (32 - kTableBits);
  }

  /// Positions are kept as one more, 0 being none; of the same hash each leads to the one before.
  void note(size_t at) {
    if (at + kLeast > text.size())
      return;
    uint32_t &last = table[slot(at)];
    chain[at] = last;
    last = static_cast<uint32_t>(at + 1);
  }

  /// How many bytes from `at` on stand before it as well, at `from`.
  size_t longest(size_t at, size_t &from) const {
    size_t best = 0, most = text.size() - kLastLiterals - at;
    uint32_t next = table[slot(at)];
    for (unsigned tries = 0; next && at + 1 - next <= kFarthest && tries < kTries; ++tries) {
      size_t candidate = next - 1, length = 0;
      while (length < most && text[candidate + length] == text[at + length])
        ++length;
      if (length > best)
        best = length, from = candidate;
      next = chain[candidate];
    }
    return best;
  }

  void more(size_t number) {
    if (number < 15)
      return;
    for (number -= 15; number >= 255; number -= 255)
      packed += '\xff';
    packed += static_cast<char>(number);
  }

  void token(size_t count, size_t length) {
    packed += static_cast<char>(std::min<size_t>(count, 15) << 4 | std::min<size_t>(length, 15));
    more(count);
  }

  void sequence(size_t at, size_t length, size_t back) {
    token(at - literals, length - kLeast);
    packed += text.slice(literals, at);
    packed += static_cast<char>(back & 255);
    packed += static_cast<char>(back >> 8);
    more(length - kLeast);
  }

  StringRef text;
  std::string packed;
  size_t literals = 0; ///< where those start that are not written yet
  std::vector<uint32_t> table = std::vector<uint32_t>(size_t(1) << kTableBits);
  std::vector<uint32_t> chain;
};

} // namespace

std::string packText(StringRef text) { return Packer(text).pack(); }

} // namespace phidias
