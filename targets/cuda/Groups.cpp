#include "targets/cuda/Groups.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {

/// Loads of a warp under way together: from the second cache they take some 300 cycles.
static constexpr int64_t kAhead = 4;

namespace {

struct Groups {
  const Block &b;
  int64_t groups;
  function_ref<Values(Value)> load;
  function_ref<void(Value, ValueRange)> use;

  /// `count` groups of each warp from `first` on, a group of the block; all of them are there.
  void work(Value first, int64_t count) const {
    SmallVector<std::pair<Value, Values>> ahead;
    for (int64_t i = 0; i < count; ++i) {
      Value group = b.add(first, b.add(b.warp, i * kWarps));
      ahead.push_back({group, load(group)});
    }
    for (auto &[group, loaded] : ahead)
      use(group, loaded);
  }

  /// The same for what is left, where the last warps may have one group less.
  void workRest(int64_t first) const {
    int64_t rounds = (groups - first) / kWarps;
    work(b.index(first), rounds);
    first += rounds * kWarps;
    if (first == groups)
      return;
    Value group = b.add(b.index(first), b.warp);
    b.when(b.less(group, b.index(groups)), [&] { use(group, load(group)); });
  }

  void run() const {
    constexpr int64_t kTurn = kAhead * kWarps;
    int64_t whole = groups / kTurn * kTurn;
    if (whole > 0)
      b.loop(b.index(0), b.index(whole), kTurn, [&](Value first) { work(first, kAhead); });
    workRest(whole);
  }
};

} // namespace

void eachGroup(const Block &b, int64_t groups, function_ref<Values(Value)> load,
               function_ref<void(Value, ValueRange)> use) {
  Groups{b, groups, load, use}.run();
}

/// -1 in lanes whose number has the bit `distance`, else 1.
static Value signOf(const Block &b, int64_t distance) {
  Value bit = b.rem(b.div(b.lane, distance), 2);
  Value isSet = arith::CmpIOp::create(b.b, b.loc, arith::CmpIPredicate::ne, bit, b.index(0));
  return arith::SelectOp::create(b.b, b.loc, isSet, b.f32(-1), b.f32(1));
}

Value rotate(const Block &b, Value x) {
  for (int64_t distance = kWarpThreads / 2; distance > 0; distance /= 2)
    x = b.fma(x, signOf(b, distance), b.exchange(x, distance));
  return x;
}

Column columnOf(const Block &b, Value group, int64_t columns) {
  Value number = b.add(b.mul(group, kWarpThreads), b.lane);
  if (columns % (2 * kWarpThreads) == 0) // what rows are padded to
    return {number, Value()};
  Value last = b.index(columns - 1);
  return {b.min(number, last), b.less(number, b.index(columns))};
}

Value Column::orZero(const Block &b, Value value) const {
  if (!exists)
    return value;
  return arith::SelectOp::create(b.b, b.loc, exists, value, b.f32(0));
}

} // namespace phidias::cuda
