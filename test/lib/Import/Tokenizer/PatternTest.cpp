// Pre-token patterns keep their meaning, or are refused.

#include "lib/Import/Tokenizer/Pattern.h"
#include "lib/Import/Tokenizer/ClassSet.h"
#include "gtest/gtest.h"

using namespace phidias::tokenizer;

static std::string translated(llvm::StringRef pattern) {
  auto text = translatePattern(pattern);
  return text ? *text : "error: " + llvm::toString(text.takeError());
}

TEST(Pattern, KeepsWhatBothSyntaxesShare) {
  for (llvm::StringRef same : {"a|b", "(?:ab)+?c*", "(?i:'s|'t)", "x{1,3}", "[a-z0-9]++",
                               " ?[^\\r\\n]+(?!x)", "\\.\\|", "é"})
    EXPECT_EQ(translated(same), same);
}

TEST(Pattern, ExpandsClasses) {
  EXPECT_EQ(translated("\\s"),
            "[\\x{9}-\\x{D}\\x{20}\\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}-\\x{2029}"
            "\\x{202F}\\x{205F}\\x{3000}]");
  EXPECT_EQ(translated("[^\\p{Zl}a]"), "[^\\x{2028}a]");
  EXPECT_EQ(translated("\\P{Zl}"), "[\\x{0}-\\x{2027}\\x{2029}-\\x{D7FF}\\x{E000}-\\x{10FFFF}]");
  EXPECT_EQ(translated("(a)."), "(?:a)[^\\n]");
}

TEST(Pattern, KnowsANewerUnicodeThanPcre2) {
  // U+1DF25 came with Unicode 15, one above the 14 of PCRE2 10.42; U+10D4A with 16.
  auto holds = [](const ClassSet &set, uint32_t c) {
    return std::any_of(set.begin(), set.end(),
                       [&](auto range) { return range.first <= c && c <= range.second; });
  };
  EXPECT_TRUE(holds(*classNamed("Ll"), 0x1DF25));
  EXPECT_TRUE(holds(*classNamed("L"), 'a'));
  EXPECT_FALSE(holds(*classNamed("Lu"), 'a'));
  EXPECT_FALSE(classNamed("Klingon"));
}

TEST(Pattern, RefusesWhatDiffers) {
  const std::pair<const char *, const char *> cases[] = {
      {"^a", "^ is not supported"},
      {"a$", "$ is not supported"},
      {"a{1,3}+", "+ after a counted repeat is not supported"},
      {"a{,3}", "repeat {,3} is not supported"},
      {"a{1,99999}", "is not supported"},
      {"(?<name>a)", "group (?<n is not supported"},
      {"\\bword", "escape \\b is not supported"},
      {"\\1", "escape \\1 is not supported"},
      {"\\p{Klingon}", "Unicode class Klingon is not supported"},
      {"\\p{L", "\\p without a closing brace"},
      {"[a[b]]", "sets inside a class are not supported"},
      {"[a&&b]", "sets inside a class are not supported"},
      {"[a", "a class without its closing bracket"},
      {"[]a]", "a class that starts with ] is not supported"},
      {"a)", "a closing parenthesis too many"},
      {"\\", "lone backslash at the end"},
      {"*a", "quantifier"},
  };
  for (auto [pattern, message] : cases)
    EXPECT_NE(translated(pattern).find(message), std::string::npos)
        << pattern << ": " << translated(pattern);
  EXPECT_NE(translated(std::string(100, '(')).find("groups inside each other"), std::string::npos);
  EXPECT_NE(translated(std::string(5000, 'a')).find("longer than"), std::string::npos);
}
