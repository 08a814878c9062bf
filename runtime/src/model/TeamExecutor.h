#pragma once
#include "model/Executor.h"
#include "model/PassMemory.h"
#include "model/Weights.h"
#include "threads/Team.h"

namespace phirt {

/// Passes on the processor: memory is mapped and taken where it is touched, weights are read where
/// their file is mapped.
class TeamExecutor final : public Executor {
public:
  static Result<std::unique_ptr<Executor>> start(const abi::Model &model, const Weights &weights,
                                                 int64_t positions, int64_t threads,
                                                 Sharing sharing);

  Result<const float *> run(const Pass &pass) override;
  int64_t parts() const override { return team->size(); }
  bool chooses() const override { return code.chooses; }
  std::string describe() const override { return std::to_string(team->size()) + " threads"; }
  void profileInto(Profile *target) override { profile = target; }

private:
  TeamExecutor(const abi::Code &code, const Weights &weights)
      : code(code), weights(weights.data()) {}
  Status reserve(const abi::Model &model, const PassMemory &memory, int64_t positions,
                 int64_t threads);

  const abi::Code &code;
  const std::byte *weights;
  Mapping arena, scratch, cache, logits;
  int64_t capacity = 0;
  std::unique_ptr<Team> team;
  Profile *profile = nullptr;
};

} // namespace phirt
