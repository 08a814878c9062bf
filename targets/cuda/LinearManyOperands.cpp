// Codes and wide rows on their way to fragments: rows are copied several chunks ahead; codes are
// loaded two ahead, to registers, and unpacked one ahead.

#include "targets/cuda/LinearManyCodes.h"
#include "targets/cuda/TensorCore.h"

using namespace mlir;

namespace phidias::cuda {
namespace {

constexpr int64_t kLoadedAhead = 2;

class CodeOperands : public ManyOperands {
public:
  explicit CodeOperands(const ManyTile &tile) : ManyOperands(tile), codes(tile), values(tile) {}

  void enter() override {
    bringFactors(t);
    codes.enter();
    values.enter();
  }

  /// Carried: how far in their panels and rows the next loads and the next copies are, in bytes,
  /// and what is loaded.
  vec::Values begin() const override {
    vec::Values first = codes.load(e.index(0)), second = codes.load(stepBytes(1));
    Value copied = e.index(0);
    for (int64_t chunk = 0; chunk < t.stages() - 1; ++chunk)
      copied = copyChunk({e.index(chunk), chunk}, 0, copied);
    codes.store(first, e.index(0));
    vec::Values carried{stepBytes(kLoadedAhead), copied};
    llvm::append_range(carried, second);
    return carried;
  }
  void arrive() const override { waitCopies(e, t.stages() - 2); }
  /// Loads come first: LLVM would move them past the multiplications, to where they are used.
  vec::Values advance(const ManyChunk &chunk, ValueRange carried) const override {
    Value copied = copyChunk(chunk, t.stages() - 1, carried[1]);
    vec::Values next{e.add(carried[0], toNext(chunk)), copied};
    llvm::append_range(next, codes.load(carried[0]));
    codes.store(carried.drop_front(2), t.stage(chunk, 1));
    return next;
  }

  bool splitsLoads() const override { return true; }
  vec::Values fragment(Value stage, int64_t slot, int64_t part) const override {
    Value start = e.add(stage, e.mul(laneUnit(t, e.lane), kUnitBytes));
    Value shared = t.shared(e.vector(4, e.b.getI32Type()), start);
    Value words = e.loadOne(shared, e.index((slot * kFragments + part) * kWarpThreads));
    vec::Values registers;
    for (int64_t i = 0; i < 4; ++i)
      registers.push_back(vector::ExtractOp::create(e.b, e.loc, words, i));
    return registers;
  }

  Value finish(Value sum, Value tokenOfTile) const override {
    return e.mulf(sum, factorOf(t, tokenOfTile));
  }

private:
  /// Copies the rows' chunk that comes `later`. Beyond the last one none is under way, but the
  /// group is counted.
  Value copyChunk(const ManyChunk &chunk, int64_t later, Value from) const {
    e.when(e.less(e.add(chunk.number, later), e.index(t.steps)),
           [&] { values.copy(t.stage(chunk, later), from); });
    commitCopies(e);
    return e.add(from, kRowBytes);
  }

  /// Where in a panel step `number` is loaded from. Beyond the last one some step is loaded again,
  /// of no use but of no harm: that which `toNext` would lead to.
  Value stepBytes(int64_t number) const {
    while (number >= t.steps)
      number -= t.unrolled();
    return e.index(number * t.step.bytes);
  }

  /// Bytes from the step that is loaded in chunk's turn to the next. Steps of the turn that would
  /// follow the last one are those of the last once more, so that only a new turn has to be asked
  /// for.
  Value toNext(const ManyChunk &chunk) const {
    int64_t turn = t.unrolled(), next = kLoadedAhead + 1;
    if ((chunk.stage.value_or(0) + next) % turn != 0)
      return e.index(t.step.bytes);
    Value isThere = e.less(e.add(chunk.number, next), e.index(t.steps));
    return arith::SelectOp::create(e.b, e.loc, isThere, e.index(t.step.bytes),
                                   e.index((1 - turn) * t.step.bytes));
  }

  ManyCodes codes;
  ManyValues values;
};

} // namespace

std::unique_ptr<ManyOperands> codeOperands(const ManyTile &tile) {
  return std::make_unique<CodeOperands>(tile);
}

} // namespace phidias::cuda
