#include "model/Engine.h"
#include "device/Device.h"
#include "model/TeamExecutor.h"
#include "threads/Cores.h"
#include <algorithm>
#include <cstring>

namespace phirt {

Status checkModel(const abi::Model &model) {
  if (memcmp(model.magic, "PHIDIAS", 8) != 0)
    return error("this program carries no model descriptor");
  if (model.abiVersion != abi::kVersion)
    return error("model descriptor: expected abi version " + std::to_string(abi::kVersion) +
                 ", got " + std::to_string(model.abiVersion));
  if (model.vocab < 1 || model.maxContext < 1 || model.maxTokens < 1 || model.codeCount < 1)
    return error("model descriptor: sizes must be positive");
  return {};
}

static Result<int64_t> chooseContext(const abi::Model &model, int64_t asked) {
  if (asked > model.maxContext)
    return error("--context " + std::to_string(asked) + ": the model has " +
                 std::to_string(model.maxContext) + " positions");
  return asked ? asked : std::min<int64_t>(model.maxContext, 8192);
}

static Result<std::unique_ptr<Executor>> startTeam(const abi::Model &model, const Weights &weights,
                                                   int64_t positions, int64_t threads,
                                                   const EngineOptions &options) {
  constexpr const char *kProcessor = ": this program runs on the processor";
  if (options.device.number)
    return error("--device " + std::to_string(*options.device.number) + kProcessor);
  if (options.device.launching != Launching::Auto)
    return error(std::string("--launch") + kProcessor);
  return TeamExecutor::start(model, weights, positions, threads, options.sharing);
}

Result<Engine> Engine::open(const abi::Model &model, const EngineOptions &options) {
  Result<int64_t> context = chooseContext(model, options.context);
  if (!context)
    return std::unexpected(context.error());
  Result<int64_t> threads = chooseThreads(options.threads);
  if (!threads)
    return std::unexpected(threads.error());
  Result<Weights> weights = openWeights(model, options.weights);
  if (!weights)
    return std::unexpected(weights.error());
  auto executor = model.code->device ? openDevice(model, *weights, *context, options.device)
                                     : startTeam(model, *weights, *context, *threads, options);
  if (!executor)
    return std::unexpected(executor.error());
  Engine engine;
  engine.descriptor = &model;
  engine.files = std::move(*weights);
  engine.positions = *context;
  engine.executor = std::move(*executor);
  return engine;
}

} // namespace phirt
