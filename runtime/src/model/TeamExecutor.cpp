#include "model/TeamExecutor.h"
#include <unistd.h>

namespace phirt {

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

Status TeamExecutor::reserve(const abi::Model &model, const PassMemory &memory, int64_t positions,
                             int64_t threads) {
  size_t scratchBytes = model.code->scratchBytes * threads;
  if (Status status =
          checkFits(memory.cache, memory.arena + memory.logits + scratchBytes, positions);
      !status)
    return status;
  using enum Mapping::Pages;
  struct {
    Mapping &mapping;
    size_t bytes;
    Mapping::Pages pages;
    const char *name;
  } plan[] = {{arena, memory.arena, Huge, "the arena"},
              {scratch, scratchBytes, Small, "the threads' scratch"},
              // Every layer and head has a stretch of its own: huge pages would take all of it at
              // the first token.
              {cache, memory.cache, Small, "the key-value cache (a smaller --context needs less)"},
              {logits, memory.logits, Huge, "logits"}};
  for (auto &[mapping, bytes, pages, name] : plan) {
    Result<Mapping> reserved = Mapping::reserve(bytes, pages, name);
    if (!reserved)
      return std::unexpected(reserved.error());
    mapping = std::move(*reserved);
  }
  capacity = memory.capacity;
  return {};
}

Result<std::unique_ptr<Executor>> TeamExecutor::start(const abi::Model &model,
                                                      const Weights &weights, int64_t positions,
                                                      int64_t threads, Sharing sharing) {
  Result<PassMemory> memory = planMemory(model, positions);
  if (!memory)
    return std::unexpected(memory.error());
  std::unique_ptr<TeamExecutor> executor(new TeamExecutor(*model.code, weights));
  if (Status status = executor->reserve(model, *memory, positions, threads); !status)
    return std::unexpected(status.error());
  auto team = Team::start(threads, model.code->forward, sharing);
  if (!team)
    return std::unexpected(team.error());
  executor->team = std::move(*team);
  return executor;
}

Result<const float *> TeamExecutor::run(const Pass &pass) {
  auto *rows = reinterpret_cast<float *>(logits.data());
  abi::ForwardArgs args{};
  args.weights = weights;
  args.arena = arena.data();
  args.scratch = scratch.data();
  args.cache = cache.data();
  args.tokens = pass.tokens.data();
  args.logits = rows;
  args.count = static_cast<int64_t>(pass.tokens.size());
  args.position = pass.position;
  args.capacity = capacity;
  args.logitRows = pass.logitRows;
  args.longRope = pass.longRope;
  args.profile = profile;
  args.choice = pass.choice;
  if (profile)
    profile->beginPass(args.count, pass.logitRows);
  team->run(args);
  if (profile)
    profile->endPass();
  return rows;
}

} // namespace phirt
