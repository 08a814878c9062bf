// Places every value of rows in one arena: an interval for each value, from the op that makes it to
// its last use, and the lowest offset at which it overlaps no interval that is live at the same
// time.

#include "phidias/Memory/Passes.h"

using namespace mlir;
using namespace phidias;
using namespace phidias::phi;

namespace phidias {
#define GEN_PASS_DEF_PLANARENAPASS
#include "phidias/Memory/Passes.h.inc"
} // namespace phidias

namespace {

constexpr int64_t kAlignment = 64;

struct Slot {
  int64_t offset, bytes;
  unsigned lastUse; // index of an op in the block
};

/// Plans one block; `numbers` counts its ops.
class BlockPlan {
public:
  BlockPlan(Block &block, int64_t base, int64_t maxTokens, int64_t carried = -1)
      : block(block), base(base), maxTokens(maxTokens), carried(carried) {
    for (auto [i, op] : llvm::enumerate(block))
      numbers[&op] = i;
  }

  /// Returns the first byte after all slots.
  int64_t run() {
    end = base;
    for (Operation &op : block)
      if (op.getNumResults() > 0 && isa<RankedTensorType>(op.getResult(0).getType()))
        place(op);
    int64_t top = end;
    for (Operation &op : block)
      for (Region &region : op.getRegions())
        for (Block &inner : region)
          if (isa<LayersOp>(op))
            top = std::max(top, BlockPlan(inner, end, maxTokens, placeOf(op)).run());
    return top;
  }

private:
  static int64_t placeOf(Operation &op) {
    auto place = op.getAttrOfType<IntegerAttr>("arena_offset");
    return place ? place.getInt() : -1;
  }

  void setPlace(Operation &op, int64_t offset) {
    op.setAttr("arena_offset", Builder(op.getContext()).getI64IntegerAttr(offset));
  }

  /// What a layer yields may take the place of what it was given, once nothing reads that any more.
  bool takesCarriedPlace(Operation &op) {
    auto yield = dyn_cast<YieldOp>(block.getTerminator());
    if (carried < 0 || !yield || yield.getRows() != op.getResult(0))
      return false;
    return llvm::all_of(block.getArgument(2).getUsers(), [&](Operation *user) {
      return numbers[block.findAncestorOpInBlock(*user)] < numbers[&op];
    });
  }

  /// Where layers find their input, once nothing else reads that, they may as well work: nothing is
  /// copied. Its slot lives on as theirs.
  Slot *slotOfInput(Operation &op) {
    auto layers = dyn_cast<LayersOp>(op);
    Operation *input = layers ? layers.getInput().getDefiningOp() : nullptr;
    if (!input || placeOf(*input) < 0 || lastUse(layers.getInput()) > numbers[&op])
      return nullptr;
    return llvm::find_if(slots, [&](const Slot &slot) { return slot.offset == placeOf(*input); });
  }

  void place(Operation &op) {
    Value rows = op.getResult(0);
    if (takesCarriedPlace(op))
      return setPlace(op, carried);
    if (llvm::any_of(rows.getUsers(), [](Operation *user) { return isa<func::ReturnOp>(user); }))
      return;
    if (Slot *slot = slotOfInput(op)) {
      slot->lastUse = lastUse(rows);
      return setPlace(op, slot->offset);
    }
    int64_t bytes =
        cast<RankedTensorType>(rows.getType()).getDimSize(1) * maxTokens * sizeof(float);
    bytes = llvm::alignTo(bytes, kAlignment);
    int64_t offset = lowestFree(numbers[&op], bytes);
    slots.push_back({offset, bytes, lastUse(rows)});
    end = std::max(end, offset + bytes);
    setPlace(op, offset);
  }

  unsigned lastUse(Value value) {
    unsigned last = numbers[value.getDefiningOp()];
    for (Operation *user : value.getUsers())
      last = std::max(last, numbers[block.findAncestorOpInBlock(*user)]);
    return last;
  }

  int64_t lowestFree(unsigned now, int64_t bytes) {
    llvm::erase_if(slots, [&](const Slot &slot) { return slot.lastUse < now; });
    llvm::sort(slots, [](const Slot &a, const Slot &b) { return a.offset < b.offset; });
    int64_t offset = base;
    for (const Slot &slot : slots) {
      if (offset + bytes <= slot.offset)
        break;
      offset = std::max(offset, slot.offset + slot.bytes);
    }
    return offset;
  }

  Block &block;
  int64_t base, maxTokens, carried, end = 0;
  DenseMap<Operation *, unsigned> numbers;
  SmallVector<Slot> slots;
};

struct PlanArena : phidias::impl::PlanArenaPassBase<PlanArena> {
  using PlanArenaPassBase::PlanArenaPassBase;

  void runOnOperation() override {
    if (maxTokens < 1) {
      getOperation().emitError("max-tokens must be at least 1, got ") << maxTokens.getValue();
      return signalPassFailure();
    }
    int64_t bytes = 0;
    getOperation().walk([&](func::FuncOp function) {
      for (Block &block : function.getBody())
        bytes = std::max(bytes, BlockPlan(block, 0, maxTokens).run());
    });
    Builder builder(&getContext());
    getOperation()->setAttr("phi.arena_bytes", builder.getI64IntegerAttr(bytes));
    getOperation()->setAttr("phi.max_tokens", builder.getI64IntegerAttr(maxTokens));
  }
};

} // namespace
