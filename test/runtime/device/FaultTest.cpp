// What can go wrong with a driver is told in one line that names it; nothing stays behind.
#include "Fake.h"
#include "device/cuda/Calls.h"
#include "model/Sequence.h"

using namespace phirt;

namespace {

struct FaultTest : DeviceTest {};

constexpr const char *kCalls[] = {
#define NAME(name, exported, parameters) #exported,
    PHIRT_CUDA_CALLS(NAME)
#undef NAME
};

/// Calls whose fault changes nothing: there is another way, or nothing is left to do.
bool isHarmless(std::string_view name) {
  for (std::string_view part :
       {"Link", "ModuleLoad", "Free", "Destroy", "Unload", "Release", "GetError"})
    if (name.find(part) != name.npos)
      return true;
  return false;
}

/// Opens an engine, and answers once.
std::string failureOfARun() {
  DeviceModel toy;
  auto engine = toy.open();
  if (!engine)
    return engine.error().message;
  Sequence sequence(*engine);
  auto logits = sequence.become(std::vector<int32_t>{1, 2, 3});
  return logits ? "" : logits.error().message;
}

TEST_F(FaultTest, EveryCallsFirstFaultIsToldByName) {
  for (std::string call : kCalls) {
    if (call == "cuEventSynchronize" || call == "cuLaunchKernel") // UploadTest, ChainTest
      continue;
    SCOPED_TRACE(call);
    SetUp();
    setenv("FAKE_CUDA_FAIL", (call + ":1:999").c_str(), 1);
    std::string message = failureOfARun();
    EXPECT_EQ(message.find("CUDA_ERROR_UNKNOWN (999, a fake fault)") == message.npos,
              isHarmless(call))
        << message;
    if (!isHarmless(call)) {
      EXPECT_GT(fake().calls(call.c_str()), 0u);
      EXPECT_EQ(fake().held(), 0u);
    } else {
      EXPECT_EQ(message, "");
    }
  }
}

TEST_F(FaultTest, AllocationsAreNamed) {
  const char *names[] = {"the weights", "the arena", "the key-value cache", "logits",
                         "a pass's tokens"};
  for (int i = 0; i < 5; ++i) {
    SetUp();
    setenv("FAKE_CUDA_FAIL", ("cuMemAlloc_v2:" + std::to_string(i + 1) + ":2").c_str(), 1);
    std::string message = failureOfARun();
    EXPECT_NE(message.find("bytes for " + std::string(names[i]) + ": CUDA_ERROR_OUT_OF_MEMORY (2"),
              message.npos)
        << message;
    EXPECT_EQ(fake().held(), 0u);
  }
}

TEST_F(FaultTest, TooLittleMemoryIsSaidBeforeAnythingIsLoaded) {
  DeviceModel toy;
  setenv("FAKE_CUDA_GPUS", "90:4:300000000:Fake H100", 1);
  toy.code.arenaBytes = 200'000'000;
  toy.model.cacheBytesPerPosition = 1'000'000; // times 112
  EXPECT_EQ(toy.failure(),
            "Fake H100 has 0.3 GB of memory free: this needs 0.0 GB for weights, 0.1 GB for the "
            "key-value cache of 100 positions and 0.2 GB besides (see --context)");
  EXPECT_EQ(fake().calls("cuMemAlloc_v2"), 0u);
  EXPECT_EQ(fake().calls("cuModuleLoadDataEx"), 0u);
  EXPECT_EQ(fake().held(), 0u);
  toy.code.arenaBytes = 180'000'000;
  EXPECT_EQ(toy.failure(), "");
}

TEST_F(FaultTest, ADeviceThatIsLostStaysLost) {
  DeviceModel toy;
  auto engine = toy.open();
  ASSERT_TRUE(engine) << engine.error().message;
  setenv("FAKE_CUDA_LOSE", "3", 1);
  Sequence sequence(*engine);
  ASSERT_TRUE(sequence.become(std::vector<int32_t>{1, 2, 3}));
  ASSERT_TRUE(sequence.append(4));
  for (int i = 0; i < 2; ++i) {
    auto logits = sequence.append(5);
    ASSERT_FALSE(logits);
    EXPECT_NE(logits.error().message.find("CUDA_ERROR_LAUNCH_FAILED (719, a fake fault)"),
              std::string::npos)
        << logits.error().message;
  }
  EXPECT_EQ(sequence.length(), 4); // what was not computed is no part of it
}

TEST_F(FaultTest, ALostDeviceEndsAScan) {
  DeviceModel toy;
  auto engine = toy.open();
  ASSERT_TRUE(engine) << engine.error().message;
  setenv("FAKE_CUDA_LOSE", "2", 1);
  Sequence sequence(*engine);
  int64_t rows = 0;
  Status status = sequence.scan(std::vector<int32_t>(40, 1), [&](const float *, int64_t count) {
    rows += count;
    return Status();
  });
  EXPECT_FALSE(status);
  EXPECT_EQ(rows, 16);
}

TEST_F(FaultTest, GpusAreNamedWhereTheWrongOneIsAskedFor) {
  DeviceModel toy;
  setenv("FAKE_CUDA_GPUS", "80:4:24000000000:Fake A30;90:4:85000000000:Fake H100", 1);
  EXPECT_EQ(toy.failure({.number = 2}),
            "--device 2: this machine has 0: Fake A30 (24.0 GB), 1: Fake H100 (85.0 GB)");
  setenv("FAKE_CUDA_GPUS", "", 1);
  EXPECT_EQ(toy.failure(), "this program runs on NVIDIA GPUs: the driver finds none");
  setenv("FAKE_CUDA_FAIL", "cuInit:1:100", 1);
  fake().reset();
  EXPECT_EQ(toy.failure(),
            "this program runs on NVIDIA GPUs: the driver finds none (CUDA_ERROR_NO_DEVICE)");
}

TEST_F(FaultTest, BlocksThatDoNotFitAreRefused) {
  DeviceModel toy;
  toy.device.sharedBytes = 228 << 10; // beyond the device's limit
  EXPECT_NE(toy.failure().find("making room for the kernel's blocks of 256 threads and 233472 "
                               "bytes of shared memory: CUDA_ERROR_INVALID_VALUE"),
            std::string::npos);
  toy.device.sharedBytes = 50000;
  toy.device.blockThreads = 4096;
  EXPECT_EQ(toy.failure(), "Fake H100 has no room for the kernel's blocks of 4096 threads and "
                           "50000 bytes of shared memory");
}

TEST_F(FaultTest, TheDriversWordOnBadCodeIsHandedOn) {
  DeviceModel toy;
  std::string bad = std::string(kPtx) + "BAD";
  toy.image = {80, 0, bad.c_str(), bad.size(), 0, 0, 0};
  EXPECT_EQ(toy.failure(), "the NVIDIA driver failed loading the kernel: CUDA_ERROR_INVALID_PTX "
                           "(218, a fake fault): ptxas fatal   : a bad instruction");
  EXPECT_EQ(fake().held(), 0u);
}

} // namespace
