#include "model/Engine.h"
#include "threads/Cores.h"
#include <algorithm>
#include <cstring>
#include <unistd.h>

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

static std::string gigabytes(size_t bytes) {
  char text[32];
  snprintf(text, sizeof text, "%.1f GB", static_cast<double>(bytes) * 1e-9);
  return text;
}

/// Memory is taken where it is touched: what the machine can never give would end the program in
/// the middle of a long answer, by the kernel's hand.
static Status checkFits(size_t cacheBytes, size_t otherBytes, int64_t positions) {
  size_t machine = size_t(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
  if (otherBytes < machine && cacheBytes < machine - otherBytes)
    return {};
  return error("a context of " + std::to_string(positions) + " needs " + gigabytes(cacheBytes) +
               " of key-value cache and " + gigabytes(otherBytes) + " besides; this machine has " +
               gigabytes(machine) + " of memory (see --context)");
}

Status Engine::reserveMemory(int64_t threads) {
  const abi::Model &m = *descriptor;
  size_t cacheBytes = 0, logitBytes = 0, scratchBytes = m.code->scratchBytes * threads;
  if (__builtin_mul_overflow(m.cacheBytesPerPosition, cachePositions(), &cacheBytes) ||
      __builtin_mul_overflow(m.maxTokens * sizeof(float), m.vocab, &logitBytes))
    return error("--context " + std::to_string(positions) + ": too much memory");
  if (Status status =
          checkFits(cacheBytes, m.code->arenaBytes + logitBytes + scratchBytes, positions);
      !status)
    return status;
  using enum Mapping::Pages;
  struct {
    Mapping &mapping;
    size_t bytes;
    Mapping::Pages pages;
    const char *name;
  } plan[] = {{arena, m.code->arenaBytes, Huge, "the arena"},
              {scratch, scratchBytes, Small, "the threads' scratch"},
              // Every layer and head has a stretch of its own: huge pages would take all of it at
              // the first token.
              {cache, cacheBytes, Small, "the key-value cache (a smaller --context needs less)"},
              {logits, logitBytes, Huge, "logits"}};
  for (auto &[mapping, bytes, pages, name] : plan) {
    Result<Mapping> memory = Mapping::reserve(bytes, pages, name);
    if (!memory)
      return std::unexpected(memory.error());
    mapping = std::move(*memory);
  }
  return {};
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
  Engine engine;
  engine.descriptor = &model;
  engine.files = std::move(*weights);
  engine.positions = *context;
  if (Status status = engine.reserveMemory(*threads); !status)
    return std::unexpected(status.error());
  auto team = Team::start(*threads, model.code->forward, options.sharing);
  if (!team)
    return std::unexpected(team.error());
  engine.team = std::move(*team);
  return engine;
}

const float *Engine::forward(std::span<const int32_t> tokens, int64_t position, int64_t logitRows,
                             bool longRope) {
  auto *rows = reinterpret_cast<float *>(logits.data());
  abi::ForwardArgs args{};
  args.weights = files.data();
  args.arena = arena.data();
  args.scratch = scratch.data();
  args.cache = cache.data();
  args.tokens = tokens.data();
  args.logits = rows;
  args.count = static_cast<int64_t>(tokens.size());
  args.position = position;
  args.capacity = cachePositions();
  args.logitRows = logitRows;
  args.longRope = longRope;
  args.profile = profile;
  if (profile)
    profile->beginPass(args.count, logitRows);
  team->run(args);
  if (profile)
    profile->endPass();
  return rows;
}

} // namespace phirt
