#pragma once
#include "device/DeviceOptions.h"
#include "device/cuda/Chain.h"
#include "model/Executor.h"
#include "model/PassMemory.h"
#include "model/Weights.h"
#include "support/Mapping.h"

namespace phirt::cuda {

/// Passes on a GPU: one launch each, or a chain of them, with all memory there. Tokens go in; rows
/// of logits come out, or the token that the pass has chosen.
class CudaExecutor final : public Executor {
public:
  CudaExecutor(const Driver &driver, const Gpu &gpu, const abi::Model &model)
      : driver(driver), gpu(gpu), model(model) {}
  Status prepare(const Weights &weights, int64_t positions, Launching launching);

  Result<const float *> run(const Pass &pass) override;
  int64_t parts() const override { return kernel.blocks; }
  bool chooses() const override { return model.code->chooses; }
  std::string describe() const override {
    return std::to_string(kernel.blocks) + " blocks on " + gpu.name +
           (chain ? ", a chain of launches" : "");
  }

private:
  Status openContext();
  Status checkFits(const PassMemory &memory, size_t weightBytes, int64_t positions) const;
  Result<bool> needsChain(Launching launching) const;
  Status loadKernel(Launching launching);
  Status reserve(const PassMemory &memory, size_t weightBytes);
  Status clear(const PassMemory &memory);
  abi::ForwardArgs fillCall(const Pass &pass);
  Status launch(abi::ForwardArgs args, size_t callBytes);
  Status launchWhole(abi::ForwardArgs args);
  Result<const float *> fetch(const Pass &pass);
  Status copyResults(const Pass &pass, void *rows);

  // In the order of their making: all else ends before the context, and that before the driver.
  Driver driver;
  Gpu gpu;
  const abi::Model &model;
  Context context;
  Handle contextHandle = nullptr;
  Kernel kernel;
  std::optional<Chain> chain; ///< none: blocks wait for each other
  DeviceMemory weights, arena, cache, logits, call;
  PinnedMemory callHost, fewRows;
  Mapping manyRows; ///< where more rows are wanted than `fewRows` has room for
  Stream stream;
  int64_t capacity = 0;
};

} // namespace phirt::cuda
