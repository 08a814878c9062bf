// Safetensors as the format's README has them; damaged ones are errors that name file and tensor.

#include "phidias/Import/Safetensors/Safetensors.h"
#include "../Folder.h"

using namespace phidias;
using namespace phidias::test;

static std::string messageFor(llvm::StringRef bytes) {
  Folder folder;
  folder.write("model.safetensors", bytes);
  return messageOf(readSafetensors(folder.path()));
}

/// The message for a header over some bytes of data.
static std::string headerMessage(llvm::StringRef header, size_t dataBytes = 64) {
  return messageFor(safetensors(header, dataBytes));
}

TEST(Safetensors, ReadsTypesShapesAndBytes) {
  Folder folder;
  std::string header = R"({"__metadata__": {"format": "pt"},
    "b": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [8, 20]},
    "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
    "c": {"dtype": "F16", "shape": [1], "data_offsets": [20, 22]}})";
  std::string bytes = safetensors(header, 22);
  bytes[8 + header.size() + 8] = 7;
  folder.write("model.safetensors", bytes);
  auto checkpoint = readSafetensors(folder.path());
  ASSERT_TRUE(bool(checkpoint)) << llvm::toString(checkpoint.takeError());
  ASSERT_EQ(checkpoint->tensors.size(), 3u);
  EXPECT_EQ(checkpoint->tensors[0].name, "a");
  const TensorInfo *b = checkpoint->find("b");
  EXPECT_EQ(b->type, ElementType::BF16);
  EXPECT_EQ(b->shape, (llvm::SmallVector<int64_t, 4>{2, 3}));
  EXPECT_EQ(b->offset, 8 + header.size() + 8);
  EXPECT_EQ(checkpoint->bytes(*b).size(), 12u);
  EXPECT_EQ(checkpoint->bytes(*b)[0], 7);
}

TEST(Safetensors, RefusesOtherTypesByName) {
  std::string message =
      headerMessage(R"({"w": {"dtype": "F8_E4M3", "shape": [4], "data_offsets": [0, 4]}})");
  EXPECT_MENTIONS(message, "model.safetensors: tensor w: dtype F8_E4M3 is not supported");
}

TEST(Safetensors, RefusesDamagedEntries) {
  auto entry = [](llvm::StringRef shape, llvm::StringRef offsets) {
    return headerMessage(("{\"w\": {\"dtype\": \"F32\", \"shape\": " + shape +
                          ", \"data_offsets\": " + offsets + "}}")
                             .str());
  };
  EXPECT_EQ(entry("[4, 4]", "[0, 64]"), "");
  EXPECT_MENTIONS(entry("[4, 4]", "[0, 60]"), "tensor w: data_offsets: expected 64 bytes");
  EXPECT_MENTIONS(entry("[4, 4]", "[64, 0]"), "begin <= end");
  EXPECT_MENTIONS(entry("[5, 4]", "[0, 80]"), "tensor w: bytes");
  EXPECT_MENTIONS(entry("[5, 4]", "[0, 80]"), "lie outside the file");
  EXPECT_MENTIONS(entry("[15]", "[0, 60]"), "expected the data to end at byte"); // a tail
  EXPECT_MENTIONS(entry("[4, 4]", "[9223372036854775743, 9223372036854775807]"),
                  "lie outside the file");
  EXPECT_MENTIONS(entry("[4, 4]", "[0]"), "data_offsets");
  EXPECT_MENTIONS(entry("[4, 4]", "[-64, 0]"), "data_offsets");
  EXPECT_MENTIONS(entry("[4, -4]", "[0, 64]"), "tensor w: shape");
  EXPECT_MENTIONS(entry("[]", "[0, 4]"), "tensor w: shape");
  EXPECT_MENTIONS(
      headerMessage(R"({"w": {"dtype": "F32", "shape": [0, 4], "data_offsets": [0, 0]}})", 0),
      "expected sizes of at least 1, got 0");
  EXPECT_MENTIONS(entry("[4294967296, 4294967296, 4]", "[0, 64]"), "expected");
  EXPECT_MENTIONS(entry("[1.5]", "[0, 6]"), "shape");
  EXPECT_MENTIONS(entry("\"4\"", "[0, 16]"), "shape");
  EXPECT_MENTIONS(headerMessage(R"({"w": 3})"), "tensor w: expected an object, got 3");
  EXPECT_MENTIONS(headerMessage(R"({"w": {}})"), "tensor w: dtype is missing");
}

TEST(Safetensors, RefusesOverlapsAndDoubledNames) {
  EXPECT_MENTIONS(headerMessage(R"({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]},
                        "b": {"dtype": "F32", "shape": [4], "data_offsets": [8, 24]}})",
                                24),
                  "tensor b: overlaps tensor a");
  EXPECT_MENTIONS(headerMessage(R"({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]},
                        "a": {"dtype": "F32", "shape": [4], "data_offsets": [16, 32]}})"),
                  "key 'a' occurs twice");
}

TEST(Safetensors, RefusesHoles) {
  std::string b = R"({"b": {"dtype": "F32", "shape": [4], "data_offsets": [16, 32]})";
  std::string before = b + "}";
  EXPECT_MENTIONS(
      headerMessage(before, 32),
      "model.safetensors: tensor b: data_offsets: begins at byte 16 of the data, expected 0");
  std::string between = b + R"(, "c": {"dtype": "F32", "shape": [1], "data_offsets": [36, 40]},
                                 "a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}})";
  EXPECT_MENTIONS(
      headerMessage(between, 40),
      "model.safetensors: tensor c: data_offsets: begins at byte 36 of the data, expected 32");
}

TEST(Safetensors, RefusesHolesInLaterShards) {
  Folder folder;
  folder.write("a.safetensors", safetensorsOf({{"x", {2}}}));
  folder.write("b.safetensors", safetensors(R"({"y": {"dtype": "F32", "shape": [2],
    "data_offsets": [4, 12]}})",
                                            12));
  folder.write("model.safetensors.index.json",
               R"({"weight_map": {"x": "a.safetensors", "y": "b.safetensors"}})");
  EXPECT_MENTIONS(
      messageOf(readSafetensors(folder.path())),
      "b.safetensors: tensor y: data_offsets: begins at byte 4 of the data, expected 0");
}

TEST(Safetensors, RefusesDamagedHeaders) {
  EXPECT_MENTIONS(messageFor(""), "is empty");
  EXPECT_MENTIONS(messageFor("abc"), "expected 8 bytes of header size, got 3");
  EXPECT_MENTIONS(messageFor(std::string(8, '\xff')), "does not fit in the file");
  EXPECT_MENTIONS(headerMessage("{\"w\": {"), "no JSON");
  EXPECT_MENTIONS(headerMessage("{\"w\": " + std::string(100000, '[')), "nested deeper");
  EXPECT_MENTIONS(headerMessage("[]"), "expected a JSON object");
}

static std::string indexMessage(llvm::StringRef index) {
  Folder folder;
  folder.write("a.safetensors", safetensorsOf({{"x", {2}}}));
  folder.write("b.safetensors", safetensorsOf({{"y", {2}}}));
  folder.write("model.safetensors.index.json", index);
  return messageOf(readSafetensors(folder.path()));
}

TEST(Safetensors, ReadsShardsByTheIndex) {
  EXPECT_EQ(indexMessage(R"({"metadata": {"total_size": 16},
                             "weight_map": {"x": "a.safetensors", "y": "b.safetensors"}})"),
            "");
}

TEST(Safetensors, RefusesAnIndexThatIsWrong) {
  EXPECT_MENTIONS(indexMessage(R"({"weight_map": {"x": "c.safetensors"}})"),
                  "c.safetensors: no such file");
  EXPECT_MENTIONS(indexMessage(R"({"weight_map": {"x": "a.safetensors", "z": "a.safetensors"}})"),
                  "a.safetensors: tensor z: is missing");
  EXPECT_MENTIONS(indexMessage(R"({"weight_map": {"x": "b.safetensors"}})"), "tensor x");
  EXPECT_MENTIONS(indexMessage(R"({"weight_map": {"x": "../a.safetensors"}})"),
                  "key weight_map.x: expected the name of a .safetensors file in this folder");
  EXPECT_MENTIONS(indexMessage(R"({"weight_map": {"x": "/etc/passwd"}})"), "weight_map.x");
  EXPECT_MENTIONS(indexMessage(R"({"weight_map": {"x": 3}})"), "weight_map.x");
  EXPECT_MENTIONS(indexMessage(R"({"weight_map": {}})"), "key weight_map");
  EXPECT_MENTIONS(indexMessage("{}"), "key weight_map");
}

TEST(Safetensors, SaysWhatAFolderLacks) {
  Folder folder;
  EXPECT_MENTIONS(messageOf(readSafetensors(folder.path())), "expected model.safetensors");
}
