#pragma once
#include "device/DeviceOptions.h"
#include "model/Executor.h"
#include "model/Weights.h"
#include "phirt/abi.h"
#include "threads/Sharing.h"
#include <memory>
#include <span>

namespace phirt {

/// What a run may choose; 0 and empty mean the default.
struct EngineOptions {
  std::string weights; ///< path; default: beside the program
  int64_t threads = 0; ///< default: the big physical cores at hand
  int64_t context = 0; ///< positions; default: the model's, 8192 at most
  Sharing sharing = Sharing::Auto;
  DeviceOptions device = {};
};

/// A model ready to run: weights mapped, and what runs its passes set up.
class Engine {
public:
  /// `model`: as chooseCode gives it; outlives the engine.
  static Result<Engine> open(const abi::Model &model, const EngineOptions &options);

  /// Appends tokens (1..maxTokens) at `position` to the cache. Gives logits [logitRows, vocab] of
  /// the last ones, valid until the next pass; `choice`, where the engine chooses: Pass::choice.
  Result<const float *> forward(std::span<const int32_t> tokens, int64_t position,
                                int64_t logitRows, bool longRope, abi::Choice *choice = nullptr) {
    return executor->run({tokens, position, logitRows, longRope, choice});
  }
  /// Whether a pass can choose the next token by itself.
  bool chooses() const { return executor->chooses(); }

  /// Every pass from now on notes its stages there; null: none.
  void profileInto(Profile *target) { executor->profileInto(target); }

  const abi::Model &model() const { return *descriptor; }
  const Weights &weights() const { return files; }
  int64_t capacity() const { return positions; }
  /// Threads, or blocks of a device.
  int64_t threads() const { return executor->parts(); }
  /// "8 threads".
  std::string describe() const { return executor->describe(); }

private:
  Engine() = default;

  const abi::Model *descriptor = nullptr;
  Weights files;
  int64_t positions = 0;
  std::unique_ptr<Executor> executor;
};

/// The descriptor of this program, checked to be of this runtime's version and sane.
Status checkModel(const abi::Model &model);

} // namespace phirt
