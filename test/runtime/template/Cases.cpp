// Holds that every template gives what transformers' own environment makes of it (make_cases.py),
// piece by piece.
#include "Render.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

static json::Object readCases() {
  auto buffer = MemoryBuffer::getFile("Inputs/cases.json");
  if (!buffer)
    return {};
  Expected<json::Value> value = json::parse((*buffer)->getBuffer());
  if (!value)
    return consumeError(value.takeError()), json::Object();
  return std::move(*value->getAsObject());
}

static std::vector<Conversation> readConversations(const json::Object &cases) {
  std::vector<Conversation> conversations;
  for (const json::Value &turns : *cases.getArray("conversations")) {
    conversations.emplace_back();
    for (const json::Value &turn : *turns.getAsArray())
      conversations.back().push_back({(*turn.getAsArray())[0].getAsString()->str(),
                                      (*turn.getAsArray())[1].getAsString()->str()});
  }
  return conversations;
}

/// `expected`: null, a text, or [text, trusted] pieces.
static void check(StringRef source, const Conversation &messages, bool generate,
                  const json::Value &expected) {
  auto pieces = render(source, messages, generate);
  SCOPED_TRACE(source.str());
  if (expected.kind() == json::Value::Null) {
    EXPECT_FALSE(pieces) << "expected an error, got: " << marked(pieces);
    return;
  }
  if (!pieces) {
    ADD_FAILURE() << pieces.error().message;
    return;
  }
  if (auto text = expected.getAsString()) {
    EXPECT_EQ(text->str(), plain(*pieces));
    return;
  }
  std::vector<phirt::Piece> wanted;
  for (const json::Value &piece : *expected.getAsArray())
    wanted.push_back(
        {(*piece.getAsArray())[0].getAsString()->str(), *(*piece.getAsArray())[1].getAsBoolean()});
  EXPECT_EQ(marked(wanted), marked(pieces));
}

TEST(ChatTemplateCases, published) {
  json::Object cases = readCases();
  ASSERT_TRUE(cases.getArray("published"));
  std::vector<Conversation> conversations = readConversations(cases);
  for (const json::Value &value : *cases.getArray("published")) {
    const json::Array &expected = *value.getAsObject()->getArray("expected");
    ASSERT_EQ(expected.size(), 2 * conversations.size());
    for (size_t i = 0; i < expected.size(); ++i)
      check(*value.getAsObject()->getString("source"), conversations[i / 2], i % 2 == 1,
            expected[i]);
  }
}

TEST(ChatTemplateCases, constructs) {
  json::Object cases = readCases();
  ASSERT_TRUE(cases.getArray("constructs"));
  Conversation conversation = readConversations(cases).at(4);
  for (const json::Value &value : *cases.getArray("constructs"))
    check(*value.getAsObject()->getString("source"), conversation, false,
          (*value.getAsObject()->getArray("expected"))[0]);
}
