#pragma once
#include "phirt/Status.h"
#include "phirt/abi/Choice.h"
#include "profile/Profile.h"
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace phirt {

/// One run of the model over some tokens.
struct Pass {
  std::span<const int32_t> tokens; ///< 1..maxTokens
  int64_t position;                ///< of the first of them
  int64_t logitRows;               ///< logits are wanted of the last so many
  bool longRope;
  abi::Choice *choice = nullptr; ///< null, or of an executor that chooses: the last row's token
};

/// What runs passes: it holds the cache, and what else they need of memory.
class Executor {
public:
  virtual ~Executor() = default;

  /// Gives logits [logitRows, vocab], valid until the next pass; where the pass has chosen a token,
  /// that is all that counts, and they are not to be read. After an error every later pass ends
  /// with one.
  virtual Result<const float *> run(const Pass &pass) = 0;
  /// Into how many parts a stage's work is cut: threads, or blocks of a device.
  virtual int64_t parts() const = 0;
  /// Whether passes heed Pass::choice.
  virtual bool chooses() const = 0;
  /// "8 threads".
  virtual std::string describe() const = 0;
  /// Every pass from now on notes its stages there; null: none.
  virtual void profileInto(Profile *) {}
};

} // namespace phirt
