// Weights of any length arrive whole and in order, through buffers that are never written while a
// copy reads them.
#include "device/cuda/Upload.h"
#include "Fake.h"
#include <vector>

using namespace phirt;
using namespace phirt::cuda;

namespace {

struct UploadTest : DeviceTest {
  Result<Driver> driver = Driver::open();
  Handle context = nullptr;

  void SetUp() override {
    DeviceTest::SetUp();
    ASSERT_TRUE(driver) << driver.error().message;
    ASSERT_EQ((*driver)->cuDevicePrimaryCtxRetain(&context, 40), kSuccess);
    ASSERT_EQ((*driver)->cuCtxSetCurrent(context), kSuccess);
  }
  void TearDown() override {
    (*driver)->cuDevicePrimaryCtxRelease(40);
    EXPECT_EQ(fake().held(), 0u);
    DeviceTest::TearDown();
  }
};

/// Bytes that tell where they stand.
std::vector<std::byte> pattern(size_t bytes) {
  std::vector<std::byte> data((bytes + 7) / 8 * 8);
  for (size_t i = 0; i < data.size() / 8; ++i) {
    uint64_t value = (i + 1) * 0x9E3779B97F4A7C15;
    memcpy(&data[i * 8], &value, 8);
  }
  data.resize(bytes);
  return data;
}

TEST_F(UploadTest, ArrivesWhole) {
  constexpr size_t kStretch = 8 << 20;
  for (size_t bytes : {size_t(0), size_t(1), size_t(4097), kStretch - 1, kStretch, kStretch + 1,
                       9 * kStretch, 21 * kStretch + 12345}) {
    std::vector<std::byte> data = pattern(bytes);
    auto memory = allocate(*driver, bytes, "a test");
    ASSERT_TRUE(memory);
    Status status = upload(*driver, context, data, **memory);
    ASSERT_TRUE(status) << status.error().message;
    EXPECT_EQ(memcmp(reinterpret_cast<void *>(**memory), data.data(), bytes), 0) << bytes;
  }
}

TEST_F(UploadTest, AFaultOfAnyCopyIsTold) {
  std::vector<std::byte> data = pattern(100 << 20);
  auto memory = allocate(*driver, data.size(), "a test");
  ASSERT_TRUE(memory);
  for (const char *fault :
       {"cuMemcpyHtoDAsync_v2:1:999", "cuMemcpyHtoDAsync_v2:9:999", "cuMemcpyHtoDAsync_v2:13:999",
        "cuEventRecord:5:999", "cuEventSynchronize:3:999", "cuStreamSynchronize:1:999"}) {
    fake().reset();
    SetUp();
    auto target = allocate(*driver, data.size(), "a test");
    setenv("FAKE_CUDA_FAIL", fault, 1);
    Status status = upload(*driver, context, data, **target);
    unsetenv("FAKE_CUDA_FAIL");
    ASSERT_FALSE(status) << fault;
    EXPECT_EQ(status.error().message, "the NVIDIA driver failed copying weights: "
                                      "CUDA_ERROR_UNKNOWN (999, a fake fault)");
  }
  memory = Result<DeviceMemory>();
}

/// One reader at least; those that find no buffers are done without.
TEST_F(UploadTest, FewerReadersDo) {
  std::vector<std::byte> data = pattern(70 << 20);
  auto memory = allocate(*driver, data.size(), "a test");
  ASSERT_TRUE(memory);
  setenv("FAKE_CUDA_FAIL", "cuMemAllocHost_v2:3:2", 1);
  Status status = upload(*driver, context, data, **memory);
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(memcmp(reinterpret_cast<void *>(**memory), data.data(), data.size()), 0);
}

} // namespace
