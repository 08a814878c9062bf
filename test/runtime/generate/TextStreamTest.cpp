// Stop texts end the text before them, wherever the borders of tokens fall.
#include "generate/TextStream.h"
#include <gtest/gtest.h>

using namespace phirt;

namespace {

TEST(TextStream, PassesTextOnAtOnce) {
  TextStream stream({}, 9);
  EXPECT_EQ(stream.push("abc"), "abc");
  EXPECT_EQ(stream.finish(), "");
}

TEST(TextStream, EndsBeforeAStop) {
  TextStream stream({"END"}, 9);
  EXPECT_EQ(stream.push("one E"), "one ");
  EXPECT_EQ(stream.push("N"), "");
  EXPECT_FALSE(stream.stopped());
  EXPECT_EQ(stream.push("D two"), "");
  EXPECT_TRUE(stream.stopped());
  EXPECT_EQ(stream.push("three"), "");
}

TEST(TextStream, GivesOutWhatWasNoStop) {
  TextStream stream({"aab"}, 9);
  EXPECT_EQ(stream.push("aa"), "");
  EXPECT_EQ(stream.push("a"), "a");
  EXPECT_EQ(stream.push("c"), "aac");
  EXPECT_EQ(stream.push("xa"), "x");
  EXPECT_EQ(stream.finish(), "a");
}

TEST(TextStream, TheEarliestOfSeveralStops) {
  TextStream stream({"cd", "b"}, 9);
  EXPECT_EQ(stream.push("abcd"), "a");
  EXPECT_TRUE(stream.stopped());
}

} // namespace
