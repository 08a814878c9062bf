// LZ4's block format ("LZ4 Block Format Description"): sequences of a token, literals, and a
// repetition of what came before; the last has no repetition.

#include "device/cuda/UnpackText.h"
#include <string_view>

namespace phirt::cuda {
namespace {

class Unpacker {
public:
  Unpacker(std::string_view block, size_t bytes) : block(block), bytes(bytes) {
    text.reserve(bytes);
  }

  bool unpack() {
    while (at < block.size()) {
      unsigned token = byte();
      if (!literals(number(token >> 4)))
        return false;
      if (at == block.size())
        return isWhole && text.size() == bytes;
      size_t low = byte(), back = low | size_t(byte()) << 8;
      if (!repeat(back, number(token & 15) + 4))
        return false;
    }
    return false; // it ends with a repetition, or is empty
  }

  std::string text;

private:
  unsigned byte() {
    if (at < block.size())
      return static_cast<unsigned char>(block[at++]);
    isWhole = false;
    return 0;
  }

  size_t number(size_t first) {
    if (first < 15)
      return first;
    unsigned next = 255;
    while (next == 255 && isWhole)
      first += next = byte();
    return first;
  }

  bool literals(size_t count) {
    if (!isWhole || count > block.size() - at || count > bytes - text.size())
      return false;
    text += block.substr(at, count);
    at += count;
    return true;
  }

  /// Byte by byte: what is repeated may overlap what comes of it.
  bool repeat(size_t back, size_t count) {
    if (!isWhole || back == 0 || back > text.size() || count > bytes - text.size())
      return false;
    while (count--)
      text += text[text.size() - back];
    return true;
  }

  std::string_view block;
  size_t bytes, at = 0;
  bool isWhole = true; ///< no byte was asked for beyond the end
};

} // namespace

Result<std::string> unpackText(std::string_view block, size_t bytes) {
  Unpacker unpacker(block, bytes);
  if (!unpacker.unpack())
    return error("this program's code for GPUs is damaged");
  return std::move(unpacker.text);
}

Result<UnpackedCode> unpack(const abi::DeviceCode &code) {
  UnpackedCode result{code, {code.images, code.images + code.imageCount}, {}};
  result.texts.reserve(code.imageCount); // pointers to them stay right
  for (abi::DeviceImage &image : result.images) {
    if (image.packedBytes == 0)
      continue;
    Result<std::string> text = unpackText({image.ptx, image.packedBytes}, image.bytes);
    if (!text)
      return std::unexpected(text.error());
    image.ptx = result.texts.emplace_back(std::move(*text)).c_str();
    image.packedBytes = 0;
  }
  result.code.images = result.images.data();
  return result;
}

} // namespace phirt::cuda
