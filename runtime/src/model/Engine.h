#pragma once
#include "model/Weights.h"
#include "phirt/abi.h"
#include "profile/Profile.h"
#include "threads/Team.h"
#include <memory>
#include <span>

namespace phirt {

/// What a run may choose; 0 and empty mean the default.
struct EngineOptions {
  std::string weights; ///< path; default: beside the program
  int64_t threads = 0; ///< default: the big physical cores at hand
  int64_t context = 0; ///< positions; default: the model's, 8192 at most
  Sharing sharing = Sharing::Auto;
};

/// A model ready to run: weights mapped, memory reserved, threads waiting.
class Engine {
public:
  /// `model`: as chooseCode gives it; outlives the engine.
  static Result<Engine> open(const abi::Model &model, const EngineOptions &options);

  /// Appends tokens (1..maxTokens) at `position` to the cache. Gives logits [logitRows, vocab] of
  /// the last ones, valid until the next pass.
  const float *forward(std::span<const int32_t> tokens, int64_t position, int64_t logitRows,
                       bool longRope);

  /// Every pass from now on notes its stages there; null: none.
  void profileInto(Profile *target) { profile = target; }

  const abi::Model &model() const { return *descriptor; }
  const Weights &weights() const { return files; }
  int64_t capacity() const { return positions; }
  int64_t threads() const { return team->size(); }

private:
  Engine() = default;
  Status reserveMemory(int64_t threads);
  /// Positions that the cache has room for.
  int64_t cachePositions() const {
    return (positions + abi::kCapacityUnit - 1) / abi::kCapacityUnit * abi::kCapacityUnit;
  }

  const abi::Model *descriptor = nullptr;
  Weights files;
  Mapping arena, scratch, cache, logits;
  int64_t positions = 0;
  std::unique_ptr<Team> team;
  Profile *profile = nullptr;
};

/// The descriptor of this program, checked to be of this runtime's version and sane.
Status checkModel(const abi::Model &model);

} // namespace phirt
