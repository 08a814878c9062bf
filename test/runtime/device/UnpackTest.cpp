// Text packed in LZ4's block format, by hand from its description; and what is no such block.
#include "device/cuda/UnpackText.h"
#include <cstring>
#include <gtest/gtest.h>

using namespace phirt::cuda;

namespace {

std::string unpacked(std::string block, size_t bytes) {
  auto text = unpackText(block, bytes);
  return text ? *text : text.error().message;
}

const std::string kDamaged = "this program's code for GPUs is damaged";

TEST(UnpackTest, Literals) {
  EXPECT_EQ(unpacked("\x50hello", 5), "hello");
  // 15 and 1 more; 15, 255 and none more.
  EXPECT_EQ(unpacked(std::string("\xf0\x01", 2) + std::string(16, 'x'), 16), std::string(16, 'x'));
  EXPECT_EQ(unpacked(std::string("\xf0\xff\0", 3) + std::string(270, 'x'), 270),
            std::string(270, 'x'));
  EXPECT_EQ(unpacked(std::string("\0", 1), 0), "");
}

TEST(UnpackTest, Repetitions) {
  // "abcdef", 4 + 2 from 6 back, then "12345".
  EXPECT_EQ(unpacked(std::string("\x62"
                                 "abcdef\x06\0\x50"
                                 "12345",
                                 15),
                     17),
            "abcdefabcdef12345");
  // "ab", 4 + 15 + 255 + 3 from 2 back: it repeats what it makes.
  std::string expected = "ab";
  while (expected.size() < 2 + 277)
    expected += expected[expected.size() - 2];
  EXPECT_EQ(unpacked(std::string("\x2f"
                                 "ab\x02\0\xff\x03\x50"
                                 "12345",
                                 13),
                     279 + 5),
            expected + "12345");
}

TEST(UnpackTest, DamagedBlocks) {
  const std::string good("\x62"
                         "abcdef\x06\0\x50"
                         "12345",
                         15);
  for (size_t length = 0; length < good.size(); ++length)
    EXPECT_EQ(unpacked(good.substr(0, length), 17), kDamaged) << length;
  EXPECT_EQ(unpacked(good, 16), kDamaged);
  EXPECT_EQ(unpacked(good, 18), kDamaged);
  EXPECT_EQ(unpacked(good + "x", 17), kDamaged);
  for (char back : {'\0', '\x07'}) { // nowhere, and before the text
    std::string bad = good;
    bad[7] = back;
    EXPECT_EQ(unpacked(bad, 17), kDamaged) << int(back);
  }
  EXPECT_EQ(unpacked(std::string(100000, '\xff'), 50), kDamaged);
}

TEST(UnpackTest, TextsOfADeviceStayWhereTheyAre) {
  phirt::abi::DeviceImage images[] = {{90, 1, "\x50hello", 5, 6, 0, 0},
                                      {80, 0, "plain", 5, 0, 0, 0},
                                      {86, 0, "\x50world", 5, 6, 0, 0}};
  auto code = unpack({images, 3, "k", 256, 0, nullptr, 0});
  ASSERT_TRUE(code);
  const char *expected[] = {"hello", "plain", "world"};
  for (int i = 0; i < 3; ++i) {
    EXPECT_STREQ(code->code.images[i].ptx, expected[i]);
    EXPECT_EQ(code->code.images[i].capability, images[i].capability);
  }
  images[2].bytes = 6;
  auto bad = unpack({images, 3, "k", 256, 0, nullptr, 0});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message, kDamaged);
}

} // namespace
