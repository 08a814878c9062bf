// The driver's compiler runs once for a program, a driver and a GPU; a damaged file costs a
// compile and nothing else.
#include "Fake.h"
#include <fstream>
#include <vector>

namespace {

struct CacheTest : DeviceTest {
  std::vector<std::string> files() const {
    std::vector<std::string> all;
    if (std::filesystem::exists(cache + "/phidias"))
      for (const auto &file : std::filesystem::directory_iterator(cache + "/phidias"))
        all.push_back(file.path());
    return all;
  }
  /// How often the driver compiled.
  size_t compiled() {
    fake().reset();
    DeviceModel toy;
    EXPECT_EQ(toy.failure(), "");
    return fake().calls("cuLinkCreate_v2");
  }
};

TEST_F(CacheTest, TheSecondRunNeedNotCompile) {
  EXPECT_EQ(compiled(), 1u);
  ASSERT_EQ(files().size(), 1u);
  EXPECT_TRUE(files()[0].ends_with(".cubin"));
  EXPECT_EQ(compiled(), 0u);
}

TEST_F(CacheTest, AnotherDriverGpuOrImageHasAFileOfItsOwn) {
  EXPECT_EQ(compiled(), 1u);
  setenv("FAKE_CUDA_VERSION", "12050", 1);
  EXPECT_EQ(compiled(), 1u);
  setenv("FAKE_CUDA_GPUS", "90:4:1000000000:Another", 1);
  EXPECT_EQ(compiled(), 1u);
  EXPECT_EQ(compiled(), 0u);
  std::string other = std::string(kPtx) + "// and more";
  DeviceModel toy;
  toy.image = {80, 0, other.c_str(), other.size(), 0, 0, 0};
  EXPECT_EQ(toy.failure(), "");
  EXPECT_EQ(files().size(), 4u);
}

TEST_F(CacheTest, DamagedFilesAreMadeAnew) {
  EXPECT_EQ(compiled(), 1u);
  ASSERT_EQ(files().size(), 1u);
  std::ifstream in(files()[0], std::ios::binary);
  std::string whole{std::istreambuf_iterator<char>(in), {}};
  for (std::string bytes : {std::string(), whole.substr(0, 20), whole.substr(0, whole.size() - 1),
                            "X" + whole.substr(1), whole + "x"}) {
    std::ofstream(files()[0], std::ios::binary | std::ios::trunc) << bytes;
    EXPECT_EQ(compiled(), 1u) << bytes.size();
    EXPECT_EQ(compiled(), 0u) << bytes.size();
  }
}

/// As when the driver was changed without its version: it does not take what it made.
TEST_F(CacheTest, AFileThatTheDriverRefusesIsMadeAnew) {
  EXPECT_EQ(compiled(), 1u);
  fake().reset();
  setenv("FAKE_CUDA_FAIL", "cuModuleLoadDataEx:1:200", 1);
  DeviceModel toy;
  EXPECT_EQ(toy.failure(), "");
  EXPECT_EQ(fake().calls("cuLinkCreate_v2"), 1u);
  EXPECT_EQ(fake().calls("cuModuleLoadDataEx"), 2u);
}

TEST_F(CacheTest, WithoutALinkerThePtxItselfIsLoaded) {
  setenv("FAKE_CUDA_NO_LINK", "1", 1);
  EXPECT_EQ(compiled(), 1u);
  EXPECT_EQ(files().size(), 0u);
}

TEST_F(CacheTest, NoFolderNoCache) {
  std::string file = cache; // a file stands where the folder would be
  std::ofstream(file) << "x";
  EXPECT_EQ(compiled(), 1u);
  EXPECT_EQ(compiled(), 1u);
  unsetenv("XDG_CACHE_HOME");
  const char *home = getenv("HOME");
  std::string before = home ? home : "";
  unsetenv("HOME");
  EXPECT_EQ(compiled(), 1u);
  setenv("HOME", before.c_str(), 1);
}

} // namespace
