#include "device/cuda/CudaExecutor.h"
#include "device/Device.h"
#include "device/cuda/Image.h"
#include "device/cuda/UnpackText.h"
#include "device/cuda/Upload.h"
#include <algorithm>
#include <cstring>

namespace phirt {
namespace cuda {
namespace {

/// In `call`, after the barrier, which each pass begins with zeros: filled in here, and copied at
/// once. The choice comes back to where it was.
constexpr size_t kChoiceAt = abi::kDeviceBarrierBytes;
constexpr size_t kTokensAt = kChoiceAt + sizeof(abi::Choice);

/// Rows of a decode, of some sequences: pinned, so that the device copies them by itself.
constexpr int64_t kFewRows = 8;

template <class Value> Status take(Value &to, Result<Value> from) {
  if (!from)
    return std::unexpected(from.error());
  to = std::move(*from);
  return {};
}

} // namespace

Status CudaExecutor::openContext() {
  Code code = driver->cuDevicePrimaryCtxRetain(&contextHandle, gpu.handle);
  if (Status status = driver.check(code, "opening " + gpu.name); !status)
    return status;
  context = Context(driver, gpu.handle);
  return driver.check(driver->cuCtxSetCurrent(contextHandle), "opening " + gpu.name);
}

Status CudaExecutor::checkFits(const PassMemory &memory, size_t weightBytes,
                               int64_t positions) const {
  size_t free = 0, total = 0;
  if (Status status = driver.check(driver->cuMemGetInfo(&free, &total), "asking for free memory");
      !status)
    return status;
  size_t others = memory.arena + memory.logits + kTokensAt + model.maxTokens * sizeof(int32_t);
  size_t without = weightBytes + others;
  if (without < free && memory.cache <= free - without)
    return {};
  return error(gpu.name + " has " + gigabytes(free) + " of memory free: this needs " +
               gigabytes(weightBytes) + " for weights, " + gigabytes(memory.cache) +
               " for the key-value cache of " + std::to_string(positions) + " positions and " +
               gigabytes(others) + " besides (see --context)");
}

/// Whether a pass is a chain of launches.
Result<bool> CudaExecutor::needsChain(Launching launching) const {
  const std::string none =
      gpu.name + " launches no cooperative grids (CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH is 0)";
  if (launching == Launching::Persistent && !gpu.runsGrids)
    return error("--launch=persistent: " + none);
  bool chained = launching == Launching::Chain || !gpu.runsGrids;
  if (chained && model.code->device->regionCount == 0)
    return error((gpu.runsGrids ? "--launch=chain" : none) +
                 ": this program's kernel does not run in parts");
  return chained;
}

Status CudaExecutor::loadKernel(Launching launching) {
  Result<bool> chained = needsChain(launching);
  if (!chained)
    return std::unexpected(chained.error());
  Result<UnpackedCode> unpacked = unpack(*model.code->device);
  if (!unpacked)
    return std::unexpected(unpacked.error());
  Result<const abi::DeviceImage *> image =
      chooseImage(unpacked->code, gpu, driver.version(), *chained);
  if (!image)
    return std::unexpected(image.error());
  Status status = take(kernel, cuda::loadKernel(driver, gpu, unpacked->code, **image));
  if (status && *chained)
    chain.emplace(driver, kernel, std::span(unpacked->code.regions, unpacked->code.regionCount));
  return status;
}

Status CudaExecutor::reserve(const PassMemory &memory, size_t weightBytes) {
  size_t callBytes = kTokensAt + model.maxTokens * sizeof(int32_t);
  size_t rowBytes = model.vocab * sizeof(float);
  struct {
    DeviceMemory &memory;
    size_t bytes;
    const char *name;
  } plan[] = {{weights, weightBytes, "the weights"},
              {arena, memory.arena, "the arena"},
              {cache, memory.cache, "the key-value cache"},
              {logits, memory.logits, "logits"},
              {call, callBytes, "a pass's tokens"}};
  Status status;
  for (auto &[target, bytes, name] : plan)
    if (status)
      status = take(target, allocate(driver, bytes, name));
  if (status)
    status = take(callHost, allocatePinned(driver, callBytes, "a pass's tokens"));
  if (status)
    status = take(fewRows, allocatePinned(driver, kFewRows * rowBytes, "rows of logits"));
  if (status)
    status = take(manyRows, Mapping::reserve(memory.logits, Mapping::Pages::Huge, "logits"));
  if (status)
    status = take(stream, createStream(driver));
  return status;
}

/// Attention reads whole panels of positions, those that are not there yet as well, and gives them
/// no weight: they must hold numbers.
Status CudaExecutor::clear(const PassMemory &memory) {
  Status status;
  for (auto [target, bytes] : {std::pair(*arena, memory.arena), std::pair(*cache, memory.cache)})
    if (status && bytes > 0)
      status = driver.check(driver->cuMemsetD8Async(target, 0, bytes, *stream), "clearing memory");
  return status ? driver.check(driver->cuStreamSynchronize(*stream), "clearing memory") : status;
}

Status CudaExecutor::prepare(const Weights &file, int64_t positions, Launching launching) {
  Result<PassMemory> memory = planMemory(model, positions);
  if (!memory)
    return std::unexpected(memory.error());
  capacity = memory->capacity;
  Status status = openContext();
  if (status)
    status = checkFits(*memory, file.dataBytes(), positions);
  if (status)
    status = loadKernel(launching);
  if (status)
    status = reserve(*memory, file.dataBytes());
  if (status)
    status = clear(*memory);
  if (status)
    status = upload(driver, contextHandle, {file.data(), file.dataBytes()}, *weights);
  return status;
}

/// All pointers are the device's. Which thread it is the kernel knows; pieces are as many as
/// threads.
abi::ForwardArgs CudaExecutor::fillCall(const Pass &pass) {
  auto pointer = [](DevicePointer address) { return reinterpret_cast<std::byte *>(address); };
  abi::ForwardArgs args{};
  args.weights = pointer(*weights);
  args.arena = pointer(*arena);
  args.cache = pointer(*cache);
  args.tokens = reinterpret_cast<const int32_t *>(pointer(*call + kTokensAt));
  args.logits = reinterpret_cast<float *>(pointer(*logits));
  args.count = static_cast<int64_t>(pass.tokens.size());
  args.position = pass.position;
  args.capacity = capacity;
  args.logitRows = pass.logitRows;
  args.longRope = pass.longRope;
  tellWhole(args, kernel.blocks);
  args.barrier = pointer(*call);
  auto *host = static_cast<std::byte *>(*callHost);
  memset(host, 0, kTokensAt);
  if (pass.choice) {
    memcpy(host + kChoiceAt, pass.choice, sizeof(abi::Choice));
    args.choice = reinterpret_cast<abi::Choice *>(pointer(*call + kChoiceAt));
  }
  memcpy(host + kTokensAt, pass.tokens.data(), pass.tokens.size_bytes());
  return args;
}

Status CudaExecutor::launch(abi::ForwardArgs args, size_t callBytes) {
  Code code = driver->cuMemcpyHtoDAsync(*call, *callHost, callBytes, *stream);
  if (Status status = driver.check(code, "copying tokens"); !status)
    return status;
  return chain ? chain->launch(args, *stream) : launchWhole(args);
}

Status CudaExecutor::launchWhole(abi::ForwardArgs args) {
  void *parameters[] = {&args}; // copied before the call returns
  Code code =
      driver->cuLaunchCooperativeKernel(kernel.function, kernel.blocks, 1, 1, kernel.blockThreads,
                                        1, 1, kernel.sharedBytes, *stream, parameters);
  return driver.check(code, "starting a pass");
}

Status CudaExecutor::copyResults(const Pass &pass, void *rows) {
  if (pass.choice) {
    auto *to = static_cast<std::byte *>(*callHost) + kChoiceAt;
    return driver.check(
        driver->cuMemcpyDtoHAsync(to, *call + kChoiceAt, sizeof(abi::Choice), *stream),
        "copying a token");
  }
  if (pass.logitRows == 0)
    return {};
  size_t bytes = pass.logitRows * model.vocab * sizeof(float);
  return driver.check(driver->cuMemcpyDtoHAsync(rows, *logits, bytes, *stream), "copying logits");
}

Result<const float *> CudaExecutor::fetch(const Pass &pass) {
  void *rows = pass.logitRows > kFewRows ? static_cast<void *>(manyRows.data()) : *fewRows;
  Status status = copyResults(pass, rows);
  if (status) // a device that is lost in the middle of a pass says so here
    status = driver.check(driver->cuStreamSynchronize(*stream), "running a pass");
  if (!status)
    return std::unexpected(status.error());
  if (pass.choice)
    memcpy(pass.choice, static_cast<std::byte *>(*callHost) + kChoiceAt, sizeof(abi::Choice));
  return static_cast<const float *>(rows);
}

Result<const float *> CudaExecutor::run(const Pass &pass) {
  // Passes may come from another thread than the last one.
  Status status = driver.check(driver->cuCtxSetCurrent(contextHandle), "starting a pass");
  if (status)
    status = launch(fillCall(pass), kTokensAt + pass.tokens.size_bytes());
  if (!status)
    return std::unexpected(status.error());
  return fetch(pass);
}

} // namespace cuda

Result<std::unique_ptr<Executor>> openDevice(const abi::Model &model, const Weights &weights,
                                             int64_t positions, const DeviceOptions &options) {
  Result<cuda::Driver> driver = cuda::Driver::open();
  if (!driver)
    return std::unexpected(driver.error());
  Result<cuda::Gpu> gpu = cuda::chooseGpu(*driver, options.number);
  if (!gpu)
    return std::unexpected(gpu.error());
  auto executor = std::make_unique<cuda::CudaExecutor>(*driver, *gpu, model);
  if (Status status = executor->prepare(weights, positions, options.launching); !status)
    return std::unexpected(status.error());
  return executor;
}

} // namespace phirt
