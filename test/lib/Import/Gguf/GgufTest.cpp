// GGUF files as ggml's docs/gguf.md has them; damaged ones are errors that name file and place.

#include "phidias/Import/Gguf/Gguf.h"
#include "../GgufBytes.h"

using namespace phidias;
using namespace phidias::test;

static std::string messageFor(llvm::StringRef bytes) {
  Folder folder;
  folder.write("m.gguf", bytes);
  return messageOf(readGguf(folder.file("m.gguf")));
}

/// The message for one tensor over 64 bytes of data.
static std::string tensorMessage(llvm::ArrayRef<uint64_t> shape, uint32_t type, uint64_t offset) {
  return messageFor(GgufBytes().header(1, 0).tensor("w", shape, type, offset).data(64).bytes);
}

TEST(Gguf, ReadsKeysAndTensors) {
  Folder folder;
  std::string bytes =
      GgufBytes().header(1, 1).u32Key("k", 7).tensor("w", {32, 2}, 2, 0).data(36).bytes;
  folder.write("m.gguf", bytes);
  auto file = readGguf(folder.file("m.gguf"));
  ASSERT_TRUE(bool(file)) << llvm::toString(file.takeError());
  EXPECT_EQ(std::get<uint64_t>(file->metadata["k"]), 7u);
  const TensorInfo *tensor = file->checkpoint.find("w");
  EXPECT_EQ(tensor->type, ElementType::Q4_0);
  EXPECT_EQ(tensor->shape, (llvm::SmallVector<int64_t, 4>{2, 32}));
  EXPECT_EQ(tensor->bytes, 36u);
  EXPECT_EQ(tensor->offset, bytes.size() - 36);
}

TEST(Gguf, RefusesDamagedTensors) {
  EXPECT_EQ(tensorMessage({4, 4}, 0, 0), "");
  EXPECT_MENTIONS(tensorMessage({4, 4}, 12, 0), "tensor w: type Q4_K is not supported");
  EXPECT_MENTIONS(tensorMessage({4, 4}, 99, 0), "tensor w: type number 99 is not supported");
  EXPECT_MENTIONS(tensorMessage({4, 4}, 0, 32), "tensor w: bytes");
  EXPECT_MENTIONS(tensorMessage({4, 4}, 0, UINT64_MAX - 8), "lie outside the file");
  EXPECT_MENTIONS(tensorMessage({}, 0, 0), "expected 1 to 4 dimensions, got 0");
  EXPECT_MENTIONS(tensorMessage({1, 1, 1, 1, 1}, 0, 0), "expected 1 to 4 dimensions, got 5");
  EXPECT_MENTIONS(tensorMessage({0, 4}, 0, 0), "expected sizes of at least 1, got 0");
  EXPECT_MENTIONS(tensorMessage({1ull << 63, 4}, 0, 0), "expected sizes of at least 1");
  EXPECT_MENTIONS(tensorMessage({1ull << 40, 1ull << 40}, 0, 0), "larger than any file");
  EXPECT_MENTIONS(tensorMessage({16, 2}, 2, 0), "rows must be multiples of 32");
}

TEST(Gguf, RefusesOverlapsAndDoubledNames) {
  GgufBytes overlap, doubled;
  overlap.header(2, 0).tensor("a", {8}, 0, 0).tensor("b", {8}, 0, 16).data(64);
  EXPECT_MENTIONS(messageFor(overlap.bytes), "tensor b: overlaps tensor a");
  doubled.header(2, 0).tensor("a", {8}, 0, 0).tensor("a", {8}, 0, 32).data(64);
  EXPECT_MENTIONS(messageFor(doubled.bytes), "tensor a: occurs twice");
}

TEST(Gguf, RefusesDamagedHeadersAndKeys) {
  EXPECT_MENTIONS(messageFor("GGUX"), "expected a GGUF file");
  EXPECT_MENTIONS(messageFor(GgufBytes().header(0, 0, 2).bytes), "expected GGUF version 3, got 2");
  EXPECT_MENTIONS(messageFor(GgufBytes().header(UINT64_MAX, 0).bytes), "do not fit in the file");
  EXPECT_MENTIONS(messageFor(GgufBytes().header(0, 1ull << 60).bytes), "do not fit in the file");
  GgufBytes twice, longText, bigArray, nested, alignment;
  twice.header(0, 2).u32Key("k", 1).u32Key("k", 2);
  EXPECT_MENTIONS(messageFor(twice.bytes), "key k occurs twice");
  longText.header(0, 1).string("k").number<uint32_t>(8).number<uint64_t>(1ull << 62);
  EXPECT_MENTIONS(messageFor(longText.bytes), "key k: the file ends");
  bigArray.header(0, 1).string("k").number<uint32_t>(9).number<uint32_t>(4).number(1ull << 61);
  EXPECT_MENTIONS(messageFor(bigArray.bytes), "key k: 2305843009213693952 elements do not fit");
  nested.header(0, 1).string("k").number<uint32_t>(9).number<uint32_t>(9).number<uint64_t>(1);
  EXPECT_MENTIONS(messageFor(nested.bytes), "key k: array of an unknown type 9");
  alignment.header(0, 1).u32Key("general.alignment", 3).data(0);
  EXPECT_MENTIONS(messageFor(alignment.bytes), "key general.alignment");
}

TEST(Gguf, RefusesEveryCutOfAFile) {
  std::string whole = tinyGguf();
  ASSERT_EQ(messageFor(whole), "");
  for (size_t size = 1; size < whole.size() - 32; size += 3)
    EXPECT_NE(messageFor(llvm::StringRef(whole).take_front(size)), "") << size;
}
