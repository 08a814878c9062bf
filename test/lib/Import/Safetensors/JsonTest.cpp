// JSON of strangers: what is too large, too deep, doubled or broken is an error that names file and
// place.

#include "phidias/Support/Json.h"
#include "../Folder.h"

using namespace phidias;
using namespace phidias::test;

static std::string messageFor(llvm::StringRef text, JsonLimits limits = {}) {
  return messageOf(parseJsonObject(text, "f.json", limits));
}

TEST(Json, ReadsAnObject) {
  auto object = parseJsonObject(R"({"a": [1, {"b": "}{,\""}], "c": {"a": 2}})", "f.json");
  ASSERT_TRUE(bool(object));
  EXPECT_EQ(*object->getObject("c")->getInteger("a"), 2);
  EXPECT_EQ(object->getArray("a")->size(), 2u);
}

/// UTF-8 and pairs as RFC 3629 and RFC 8259, section 7, have them.
TEST(Json, ReadsSurrogatePairs) {
  auto object = parseJsonObject(
      R"({"\ud840\udc00": "\ud83d\ude00", "b": "\\ud83d\ude00", "c": "\uDBFF\uDFFF"})", "f.json");
  ASSERT_TRUE(bool(object)) << llvm::toString(object.takeError());
  EXPECT_EQ(object->getString("\xF0\xA0\x80\x80"), "\xF0\x9F\x98\x80"); // U+20000, U+1F600
  EXPECT_EQ(object->getString("b"), "\\ud83d\xEF\xBF\xBD"); // a backslash; a half of a pair
  EXPECT_EQ(object->getString("c"), "\xF4\x8F\xBF\xBF");    // U+10FFFF
}

TEST(Json, TellsKeysOfSurrogatePairsApart) {
  EXPECT_EQ(messageFor(R"({"\ud800\udc00": 1, "\ud840\udc00": 2})"), "");
  EXPECT_MENTIONS(messageFor("{\"\xF0\xA0\x80\x80\": 1, \"\\ud840\\udc00\": 2}"), "occurs twice");
}

TEST(Json, RefusesADoubledKeyInEverySpelling) {
  EXPECT_EQ(messageFor(R"({"ab": 1, "ab": 2})"), "f.json: at byte 10: key 'ab' occurs twice");
  EXPECT_MENTIONS(messageFor(R"({"ab": 1, "\u0061b": 2})"), "key 'ab' occurs twice");
  EXPECT_MENTIONS(messageFor(R"({"x": {"k": [], "y": 1, "k": 2}})"), "key 'k' occurs twice");
}

TEST(Json, AllowsEqualStringsThatAreNoKeysOfOneObject) {
  EXPECT_EQ(messageFor(R"({"a": "a", "b": ["a", "a"], "c": {"a": 1}, "d": {"a": 1}})"), "");
}

TEST(Json, RefusesDeepNesting) {
  std::string bomb = "{\"a\": " + std::string(1000000, '[');
  EXPECT_EQ(messageFor(bomb), "f.json: at byte 37: nested deeper than 32 levels");
  std::string objects;
  for (int i = 0; i < 100000; ++i)
    objects += "{\"a\":";
  EXPECT_MENTIONS(messageFor(objects), "nested deeper");
}

TEST(Json, RefusesWhatIsLarge) {
  EXPECT_EQ(messageFor("{\"a\": 1}", {4, 8}), "f.json: expected at most 4 bytes of JSON, got 8");
}

TEST(Json, RefusesWhatIsNoJson) {
  for (llvm::StringRef text :
       {"", "{", "]", "}{", "{\"a\"", "{\"a\":}", "{\"a\": 1}}", "{\"a\": \"", "{\"a\": \"\\",
        "\xff\xfe", "{\"a\": NaN}", ",", "{,}"})
    EXPECT_MENTIONS(messageFor(text), "f.json: no JSON") << text.str();
  EXPECT_EQ(messageFor("[1, 2]"), "f.json: expected a JSON object, got an array of 2");
}

TEST(Json, ReadsFiles) {
  Folder folder;
  folder.write("a.json", "{\"a\": 7}");
  folder.write("empty.json", "");
  auto object = readJsonObject(folder.file("a.json"));
  ASSERT_TRUE(bool(object)) << llvm::toString(object.takeError());
  EXPECT_EQ(object->getInteger("a"), 7);
  EXPECT_EQ(messageOf(readJsonObject(folder.file("none.json"))),
            folder.file("none.json") + ": no such file");
  EXPECT_EQ(messageOf(readJsonObject(folder.path())), folder.path() + ": no such file");
  EXPECT_EQ(messageOf(readJsonObject(folder.file("empty.json"))),
            folder.file("empty.json") + ": the file is empty");
}
