// Elements of every type decode to the bits that gguf-py gives.

#include "phidias/Import/Checkpoint.h"
#include <bit>
#include <gtest/gtest.h>

using namespace phidias;

namespace {
struct DecodeCase {
  ElementType type;
  std::vector<uint8_t> bytes;
  std::vector<uint32_t> expected; ///< bits of f32
};
} // namespace

static const DecodeCase kCases[] = {
#include "DecodeTable.inc"
};

TEST(Decode, GivesTheBitsOfGgufPy) {
  for (const DecodeCase &test : kCases) {
    std::vector<float> decoded(test.expected.size());
    decodeElements(test.type, test.bytes.data(), decoded.size(), decoded.data());
    for (size_t i = 0; i < decoded.size(); ++i)
      EXPECT_EQ(std::bit_cast<uint32_t>(decoded[i]), test.expected[i])
          << layoutOf(test.type).name.str() << " element " << i;
  }
}
