#pragma once
/// The fake driver and a model for it.

#include "../fake/FakeWeights.h"
#include "FakeCuda.h"
#include "ToyKernel.h"
#include "model/Engine.h"
#include "phirt/abi.h"
#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <numeric>

inline const fakecuda::Control &fake() {
  static auto *control = [] {
    void *library = dlopen("libcuda.so.1", RTLD_NOW);
    auto *get = library ? dlsym(library, "fakeCudaControl") : nullptr;
    return get ? reinterpret_cast<const fakecuda::Control *(*)()>(get)() : nullptr;
  }();
  if (!control) {
    printf("no fake libcuda.so.1 in LD_LIBRARY_PATH: run this test by ctest\n");
    exit(1);
  }
  return *control;
}

/// A fresh driver, and a cache folder of the test's own.
struct DeviceTest : testing::Test {
  std::string cache = testing::TempDir() + "device-test-cache-" + std::to_string(getpid());

  void SetUp() override {
    for (const char *name :
         {"FAKE_CUDA_VERSION", "FAKE_CUDA_GPUS", "FAKE_CUDA_FAIL", "FAKE_CUDA_LOSE",
          "FAKE_CUDA_NO_LINK", "FAKE_CUDA_NO_GRIDS", "FAKE_CUDA_LOG"})
      unsetenv(name);
    std::filesystem::remove_all(cache);
    setenv("XDG_CACHE_HOME", cache.c_str(), 1);
    fake().reset();
    fake().setKernel(nullptr);
  }
  void TearDown() override { std::filesystem::remove_all(cache); }
};

/// PTX that the fake takes.
inline constexpr char kPtx[] = "//\n.version 7.0\n.target sm_80\n.visible .entry toy_kernel()\n";

/// The toy model (fake/FakeModel.cpp) as code for a device.
struct DeviceModel {
  phirt::abi::DeviceImage image{80, 0, kPtx, sizeof kPtx - 1, 0, 0, 0};
  phirt::abi::DeviceCode device{&image, 1,           "toy_kernel",          256,
                                50000,  kToyRegions, std::size(kToyRegions)};
  phirt::abi::Code code = *phirt_model.code;
  phirt::abi::Model model = phirt_model;
  std::string weights = writeFakeWeights("device-test.weights");

  DeviceModel() {
    code.forward = nullptr;
    code.device = &device;
    code.chooses = 1;
    model.code = &code;
  }
  DeviceModel(const DeviceModel &) = delete;

  auto open(phirt::DeviceOptions options = {}) {
    return phirt::Engine::open(model, {weights, 0, 100, phirt::Sharing::Auto, options});
  }
  /// The error of opening it.
  std::string failure(phirt::DeviceOptions options = {}) {
    auto engine = open(options);
    return engine ? "" : engine.error().message;
  }
};

/// Ids from `first` on, which the toy goes on counting.
inline std::vector<int32_t> count(int32_t first, int64_t length) {
  std::vector<int32_t> ids(length);
  std::iota(ids.begin(), ids.end(), first);
  return ids;
}

/// The likeliest token; -1 for no logits, 0 where the cache was not sound.
inline int64_t next(const phirt::Result<const float *> &logits) {
  if (!logits || !*logits)
    return -1;
  const float *top = std::max_element(*logits, *logits + 100);
  return *top == 9 ? top - *logits : 0;
}
