// Thousands of damaged files: each is read or refused with a message, and none brings the reader
// down.

#include "../GgufBytes.h"
#include "HfFolder.h"
#include <random>

using namespace phidias;
using namespace phidias::test;

namespace {

/// Seeded damage of up to four places of a text.
class Mutator {
public:
  std::string damage(std::string bytes) {
    for (unsigned times = 1 + pick(4); times > 0 && !bytes.empty(); --times)
      damageOnce(bytes);
    return bytes;
  }

private:
  size_t pick(size_t below) { return random() % below; }

  void damageOnce(std::string &bytes) {
    static const char kTelling[] = {'\0', '\x01', '\x7f', '\x80', '\xff', '0',
                                    '9',  '"',    '{',    '[',    ']',    ','};
    size_t at = pick(bytes.size());
    switch (pick(6)) {
    case 0:
      bytes[at] = static_cast<char>(random());
      break;
    case 1:
      bytes[at] = kTelling[pick(sizeof(kTelling))];
      break;
    case 2:
      bytes[at] ^= static_cast<char>(1 << pick(8));
      break;
    case 3:
      bytes.erase(at, 1 + pick(16));
      break;
    case 4:
      bytes.insert(at, bytes.substr(pick(bytes.size()), 1 + pick(16)));
      break;
    default:
      for (size_t i = at; i < std::min(bytes.size(), at + 8); ++i)
        bytes[i] = pick(2) ? '\xff' : bytes[i];
    }
  }

  std::mt19937 random{20};
};

/// Reads both ways; a refusal has one line.
void readBothWays(const std::string &path) {
  std::vector<std::string> unsupported;
  llvm::consumeError(readModelLeniently(path, unsupported).takeError());
  std::string message = messageOf(readModel(path));
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

} // namespace

TEST(Mutation, GgufIsReadOrRefused) {
  Folder folder;
  std::string path = folder.file("m.gguf"), whole = tinyGguf();
  folder.write("m.gguf", whole);
  ASSERT_EQ(messageOf(readModel(path)), "");
  size_t interesting = whole.size() - 1000; // most of the damage goes to keys and entries
  Mutator mutator;
  for (int i = 0; i < 3000; ++i) {
    folder.write("m.gguf",
                 mutator.damage(whole.substr(0, interesting)) + whole.substr(interesting));
    readBothWays(path);
  }
}

TEST(Mutation, FoldersAreReadOrRefused) {
  HfFolder folder;
  folder.setText("rope_scaling", R"({"type": "longrope", "short_factor": [1, 1],
    "long_factor": [1.5, 2]})");
  ASSERT_EQ(messageOf(folder.read()), "");
  std::string config, weights = safetensorsOf(folder.tensors);
  llvm::raw_string_ostream(config) << folder.config;
  size_t header = 8 + weights.find("}}");
  Mutator mutator;
  for (int i = 0; i < 3000; ++i) {
    bool first = i % 2;
    folder.write("config.json", first ? mutator.damage(config) : config);
    folder.write("model.safetensors",
                 first ? weights
                       : mutator.damage(weights.substr(0, header)) + weights.substr(header));
    readBothWays(folder.path());
  }
}
