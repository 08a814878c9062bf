// Thousands of damaged copies of a small GGUF file: each is read or refused in one line; none
// crashes, and of what is read every byte can be reached.

#include "../Mutate.h"
#include "../ReaderFiles.h"
#include "phidias/Import/Phi/Model.h"
#include <gtest/gtest.h>

using namespace phidias;
using namespace phidias::test;

namespace {

constexpr int kMutations = 2000;

void fuzz(const std::string &architecture, uint32_t seed) {
  Folder folder;
  Mutator mutator(seed);
  std::string whole = tinyGguf(architecture).encode();
  int read = 0;
  for (int i = 0; i < kMutations; ++i) {
    std::string path = writeFile(folder, "m.gguf", mutator.mutate(whole, 2600));
    auto model = readModel(path);
    if (model)
      ++read, touchAll(*model);
    else
      expectOneLine(llvm::toString(model.takeError()), seed, i);
  }
  // Both outcomes must occur, or the mutations are too weak or too strong to try anything.
  EXPECT_GT(read, kMutations / 100);
  EXPECT_LT(read, kMutations * 9 / 10);
}

TEST(FuzzGguf, Phi3) { fuzz("phi3", 1); }
TEST(FuzzGguf, Llama) { fuzz("llama", 2); }

} // namespace
