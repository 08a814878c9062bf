// Printable characters of Latin-1 spell themselves; the other 68 bytes take U+0100 onwards, in
// their order.

#include "ByteAlphabet.h"
#include <array>

namespace phidias::tokenizer {

static bool spellsItself(unsigned byte) {
  return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte != 0xAD);
}

static std::array<uint16_t, 256> makeSpellings() {
  std::array<uint16_t, 256> spelling{};
  uint16_t next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte)
    spelling[byte] = spellsItself(byte) ? byte : next++;
  return spelling;
}

static const std::array<uint16_t, 256> &spellings() {
  static const std::array<uint16_t, 256> table = makeSpellings();
  return table;
}

static std::array<int16_t, 0x144> makeBytes() {
  std::array<int16_t, 0x144> bytes;
  bytes.fill(-1);
  for (unsigned byte = 0; byte < 256; ++byte)
    bytes[spellings()[byte]] = byte;
  return bytes;
}

static std::optional<char> byteOf(unsigned codePoint) {
  static const std::array<int16_t, 0x144> table = makeBytes();
  if (codePoint >= table.size() || table[codePoint] < 0)
    return std::nullopt;
  return static_cast<char>(table[codePoint]);
}

std::optional<std::string> bytesOfSpelling(llvm::StringRef spelling) {
  std::string bytes;
  for (size_t i = 0; i < spelling.size(); ++i) {
    unsigned c = static_cast<unsigned char>(spelling[i]);
    if (c >= 0x80) {
      // All spellings lie below U+0800: two bytes at most.
      if ((c & 0xE0) != 0xC0 || i + 1 == spelling.size())
        return std::nullopt;
      c = (c & 0x1F) << 6 | (static_cast<unsigned char>(spelling[++i]) & 0x3F);
    }
    std::optional<char> byte = byteOf(c);
    if (!byte)
      return std::nullopt;
    bytes += *byte;
  }
  return bytes;
}

std::string spellingOfByte(uint8_t byte) {
  unsigned c = spellings()[byte];
  if (c < 0x80)
    return std::string(1, static_cast<char>(c));
  return {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
}

} // namespace phidias::tokenizer
