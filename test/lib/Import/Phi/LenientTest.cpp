// readModelLeniently keeps what was understood and says why the rest would be refused.

#include "../GgufBytes.h"
#include "HfFolder.h"

using namespace phidias;
using namespace phidias::test;

TEST(Lenient, SaysNothingOfAGoodModel) {
  HfFolder folder;
  ASSERT_EQ(messageOf(folder.read()), "");
  std::vector<std::string> unsupported;
  EXPECT_TRUE(bool(readModelLeniently(folder.path(), unsupported)));
  EXPECT_TRUE(unsupported.empty());
}

TEST(Lenient, KeepsTensorsOfAnUnsupportedConfiguration) {
  HfFolder folder;
  folder.set("hidden_act", "gelu");
  EXPECT_MENTIONS(messageOf(folder.read()), "hidden_act");
  std::vector<std::string> unsupported;
  auto model = readModelLeniently(folder.path(), unsupported);
  ASSERT_TRUE(bool(model)) << llvm::toString(model.takeError());
  EXPECT_EQ(model->checkpoint.tensors.size(), folder.tensors.size());
  EXPECT_EQ(model->config.architecture, "phi3");
  ASSERT_EQ(unsupported.size(), 1u);
  EXPECT_MENTIONS(unsupported[0], "key hidden_act: 'gelu' is not supported");
}

TEST(Lenient, KeepsAGgufWithTensorsOfAnUnsupportedType) {
  Folder folder;
  GgufBytes file;
  file.header(3, 1).stringKey("general.architecture", "phi3");
  file.tensor("token_embd.weight", {4, 2}, 0, 0);
  file.tensor("x", {256}, 12, 32).tensor("y", {256}, 12, 64).data(256);
  folder.write("m.gguf", file.bytes);
  EXPECT_MENTIONS(messageOf(readModel(folder.file("m.gguf"))), "tensor x: type Q4_K");
  std::vector<std::string> unsupported;
  auto model = readModelLeniently(folder.file("m.gguf"), unsupported);
  ASSERT_TRUE(bool(model)) << llvm::toString(model.takeError());
  EXPECT_EQ(model->checkpoint.tensors.size(), 1u);
  ASSERT_EQ(unsupported.size(), 2u); // the type once, then the configuration
  EXPECT_MENTIONS(unsupported[0], "tensor x: type Q4_K is not supported");
}

TEST(Lenient, RefusesWhatItCannotReadAtAll) {
  Folder folder;
  std::vector<std::string> unsupported;
  EXPECT_MENTIONS(messageOf(readModelLeniently(folder.file("none"), unsupported)), "no such file");
  folder.write("text", "hello, this is no model");
  EXPECT_MENTIONS(messageOf(readModelLeniently(folder.file("text"), unsupported)),
                  "expected a GGUF file");
}
