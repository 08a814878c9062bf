// What `phidias inspect` says: totals, types, stop ids, and what is not supported; control
// characters of a file stay escaped.

#include "phidias/Import/Inspect.h"
#include "HfFolder.h"

using namespace phidias;
using namespace phidias::test;

TEST(Inspect, CountsAndLists) {
  HfFolder folder;
  folder.set("sliding_window", 7);
  auto model = folder.read();
  ASSERT_TRUE(bool(model)) << llvm::toString(model.takeError());
  llvm::json::Value value = inspectJson(*model, {"because"});
  const llvm::json::Object &root = *value.getAsObject();
  // 2 * 10x8 of embedding and head, 3 norms of 8, 8x8, 8x6, 16x8 and 12x8.
  EXPECT_EQ(root.getObject("totals")->getInteger("parameters"), 520);
  EXPECT_EQ(root.getObject("totals")->getInteger("bytes"), 2080);
  EXPECT_EQ(root.getObject("totals")->getInteger("tensors"), 9);
  EXPECT_EQ(root.getArray("tensors")->size(), 9u);
  EXPECT_EQ((*root.getArray("tensors"))[0].getAsObject()->getString("type"), "f32");
  EXPECT_EQ(root.getObject("config")->getInteger("sliding_window"), 7);
  EXPECT_EQ(*root.getObject("generation")->getArray("stop_ids"), llvm::json::Array{1});
  EXPECT_EQ(*root.getArray("unsupported"), llvm::json::Array{"because"});
  EXPECT_EQ(root.get("tokenizer")->kind(), llvm::json::Value::Null);
}

TEST(Inspect, WritesLinesThatATerminalMayShow) {
  HfFolder folder;
  folder.tensors.push_back({"evil\x1b[2J\n", {1}});
  folder.write("chat_template.jinja", "{{ messages\x1b }}");
  EXPECT_NE(messageOf(folder.read()), "");
  std::vector<std::string> unsupported;
  auto model = readModelLeniently(folder.path(), unsupported);
  ASSERT_TRUE(bool(model)) << llvm::toString(model.takeError());
  std::string text = inspectText(*model, unsupported);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_MENTIONS(text, "evil\\u001b[2J\\n");
  EXPECT_MENTIONS(text, "is no part of a supported model");
}
