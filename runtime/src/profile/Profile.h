#pragma once
#include <cstdint>
#include <vector>

namespace phirt {

/// A stage that ended, or the start of a pass.
struct StageEvent {
  int64_t stage;       ///< index in the descriptor, or kBegin, or kEnd
  int64_t nanoseconds; ///< of the monotonic clock
};

/// When the stages of some passes ended. Notes into memory that was taken beforehand.
class Profile {
public:
  static constexpr int64_t kBegin = -1; ///< a pass begins
  static constexpr int64_t kEnd = -2;   ///< a pass has ended, some time after its last stage

  /// Room for `events`; more are dropped.
  explicit Profile(int64_t most) : events(most) {}

  void beginPass(int64_t tokens, int64_t logitRows);
  void endPass() { note(kEnd); }
  void note(int64_t stage);

  const StageEvent *begin() const { return events.data(); }
  const StageEvent *end() const { return events.data() + count; }
  int64_t passes() const { return passCount; }
  int64_t tokens() const { return tokenCount; }
  int64_t logitRows() const { return rowCount; }
  /// Events that found no room.
  int64_t dropped() const { return lost; }

private:
  std::vector<StageEvent> events;
  int64_t count = 0, lost = 0, passCount = 0, tokenCount = 0, rowCount = 0;
};

} // namespace phirt
