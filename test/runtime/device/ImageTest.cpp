// Which of a program's images runs, by what NVIDIA promises: code for a capability runs on that and
// later ones, code for sm_90a on 9.0 alone; a driver takes PTX up to its own version (PTX ISA,
// "Release Notes").
#include "device/cuda/Image.h"
#include "Fake.h"
#include <vector>

using namespace phirt;
using namespace phirt::cuda;

namespace {

constexpr int kNew = 13000;

/// "90a", "80", or the error.
std::string choice(std::vector<phirt::abi::DeviceImage> images, uint32_t capability,
                   int driver = kNew, bool isChain = false) {
  phirt::abi::DeviceCode code{images.data(), images.size(), "k", 256, 0, nullptr, 0};
  Gpu gpu{0, 0, "Fake", capability, 1, 0, true};
  auto image = chooseImage(code, gpu, driver, isChain);
  if (!image)
    return image.error().message;
  return std::to_string((*image)->capability) + ((*image)->exact ? "a" : "");
}

phirt::abi::DeviceImage image(uint32_t capability, bool exact, const char *ptx) {
  return {capability, exact, ptx, strlen(ptx), 0, 0, 0};
}

const phirt::abi::DeviceImage k80 = image(80, false, ".version 7.0\n");
const phirt::abi::DeviceImage k86 = image(86, false, "// by LLVM\n.version 7.1\n");
const phirt::abi::DeviceImage k90a = image(90, true, ".version 8.0\n");

TEST(ImageTest, TheExactOneThenTheHighest) {
  EXPECT_EQ(choice({k80, k90a, k86}, 90), "90a");
  EXPECT_EQ(choice({k90a, k86, k80}, 90), "90a");
  EXPECT_EQ(choice({k80, k86, k90a}, 89), "86");
  EXPECT_EQ(choice({k86, k80, k90a}, 120), "86");
  EXPECT_EQ(choice({k86, k80}, 80), "80");
}

TEST(ImageTest, AnOlderDriverTakesWhatItCan) {
  EXPECT_EQ(choice({k90a, k80}, 90, 12000), "90a");
  EXPECT_EQ(choice({k90a, k80}, 90, 11080), "80");
  EXPECT_EQ(choice({k86, k80}, 86, 11000), "80");
}

TEST(ImageTest, AChainTakesWhatRunsInParts) {
  phirt::abi::DeviceImage whole = k90a;
  whole.wholeOnly = 1;
  EXPECT_EQ(choice({whole, k80}, 90), "90a");
  EXPECT_EQ(choice({whole, k80}, 90, kNew, true), "80");
  EXPECT_EQ(choice({k90a, k80}, 90, kNew, true), "90a");
}

TEST(ImageTest, SaysWhichIsTooOld) {
  EXPECT_EQ(choice({k90a, k80}, 75),
            "Fake has compute capability 7.5: this program's code is for 9.0 or 8.0 and later");
  EXPECT_EQ(choice({k90a}, 100),
            "Fake has compute capability 10.0: this program's code is for 9.0");
  EXPECT_EQ(choice({k90a, k86}, 90, 11000),
            "the NVIDIA driver is too old: it is of CUDA 11.0, this program needs 11.1 or later");
  EXPECT_EQ(choice({k90a}, 90, 11080),
            "the NVIDIA driver is too old: it is of CUDA 11.8, this program needs 12.0 or later");
}

TEST(ImageTest, VersionsOfPtx) {
  struct {
    const char *ptx;
    int cuda;
  } cases[] = {{".version 7.0", 11000}, {".version 7.8", 11080}, {".version 8.0", 12000},
               {".version 8.5", 12050}, {".version 8.7", 12080}, {".version 8.8", 12090},
               {".version 9.0", 13000}, {".version 6.3", 11000}, {"no version", 0}};
  for (auto [ptx, cuda] : cases)
    EXPECT_EQ(cudaVersionFor(image(80, false, ptx)), cuda) << ptx;
}

} // namespace
