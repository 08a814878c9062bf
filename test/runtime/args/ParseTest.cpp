// The command line: which verb, which values, and which errors.
#include "args/Parse.h"
#include "args/Numbers.h"
#include <gtest/gtest.h>

using namespace phirt;

namespace {

Result<Options> parse(std::vector<const char *> words) { return parseArguments(words); }

std::string errorOf(std::vector<const char *> words) {
  Result<Options> options = parse(std::move(words));
  return options ? "" : options.error().message;
}

TEST(Parse, AWordIsAPrompt) {
  Result<Options> options = parse({"Why?", "--threads", "3", "--top-p=0.5"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->verb, Verb::Generate);
  EXPECT_EQ(options->prompt, "Why?");
  EXPECT_EQ(options->threads, 3);
  EXPECT_EQ(options->topP, 0.5);
}

TEST(Parse, ReadsHowWorkIsShared) {
  EXPECT_EQ(parse({"x"})->sharing, Sharing::Auto);
  EXPECT_EQ(parse({"x"})->launching, Launching::Auto);
  EXPECT_EQ(parse({"x", "--launch=persistent"})->launching, Launching::Persistent);
  EXPECT_EQ(parse({"bench", "--launch", "chain"})->launching, Launching::Chain);
  EXPECT_EQ(parse({"x", "--share=auto"})->sharing, Sharing::Auto);
  EXPECT_EQ(parse({"x", "--share", "even"})->sharing, Sharing::Even);
  EXPECT_EQ(parse({"bench", "--share=claim"})->sharing, Sharing::Claim);
}

TEST(Parse, AVerbIsAVerbAlsoBehindFlags) {
  EXPECT_EQ(parse({"chat"})->verb, Verb::Chat);
  EXPECT_EQ(parse({"--threads", "2", "bench", "-p", "8"})->promptTokens, 8);
  // "chat" is a value here.
  EXPECT_EQ(parse({"--prompt", "chat"})->prompt, "chat");
}

TEST(Parse, ReadsTokens) {
  auto options = parse({"logits", "--tokens", "1, 20,3", "--output", "x.npy"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->tokens, (std::vector<int32_t>{1, 20, 3}));
  EXPECT_EQ(errorOf({"generate", "--tokens", "1,,2"}).find("--tokens: expected"), 0u);
  EXPECT_EQ(errorOf({"generate", "--tokens", ""}).find("--tokens: expected"), 0u);
  EXPECT_EQ(errorOf({"generate", "--tokens", "4294967297"}).find("--tokens: expected"), 0u);
}

TEST(Parse, NamesWhatIsWrong) {
  EXPECT_EQ(errorOf({"x", "--no"}), "--no: unknown flag (see --help)");
  EXPECT_EQ(errorOf({"chat", "--window", "4"}), "--window: not a flag of chat (see --help)");
  EXPECT_EQ(errorOf({"x", "--seed"}), "--seed: a value is missing");
  EXPECT_EQ(errorOf({"x", "--raw=1"}), "--raw: takes no value");
  EXPECT_EQ(errorOf({"x", "--threads", "0"}),
            "--threads: expected a whole number from 1 to 4096, got '0'");
  EXPECT_EQ(errorOf({"x", "--launch", "twice"}),
            "--launch: expected auto, persistent or chain, got 'twice'");
  EXPECT_EQ(errorOf({"x", "--share", "fair"}), "--share: expected auto, even or claim, got 'fair'");
  EXPECT_EQ(errorOf({"x", "--top-p", "nan"}), "--top-p: expected a number from 0 to 1, got 'nan'");
  EXPECT_EQ(errorOf({"x", "--temperature", "1e999"}),
            "--temperature: expected a number from 0 to 100, got '1e999'");
  EXPECT_EQ(errorOf({"x", "y"}), "'y': one word too many (quote a prompt of several words)");
}

TEST(Parse, AsksForWhatIsMissing) {
  EXPECT_NE(errorOf({"generate"}), "");
  EXPECT_NE(errorOf({"generate", "--prompt", "a", "--tokens", "1"}), "");
  EXPECT_NE(errorOf({"logits", "--tokens", "1"}), "");
  EXPECT_NE(errorOf({"perplexity"}), "");
  EXPECT_NE(errorOf({"tokenize"}), "");
  EXPECT_NE(errorOf({"tokenize", "a", "--lines"}), "");
}

TEST(Parse, TwoDashesEndTheFlags) { EXPECT_EQ(parse({"--", "--help"})->prompt, "--help"); }

TEST(Parse, HelpNamesEveryFlagOfTheInterface) {
  std::string help = helpText("prog");
  for (const char *flag :
       {"--prompt",     "--tokens",  "--max-tokens", "--temperature",    "--top-k",
        "--top-p",      "--min-p",   "--seed",       "--repeat-penalty", "--stop",
        "--ignore-eos", "--raw",     "--system",     "--json",           "--lines",
        "--decode",     "--output",  "--window",     "--pass",           "-p ",
        "-n ",          "--depth",   "--repeat ",    "--profile",        "--trace",
        "--threads",    "--share",   "--device",     "--launch",         "--context",
        "--weights",    "--version", "--help"})
    EXPECT_NE(help.find(flag), help.npos) << flag;
}

} // namespace
