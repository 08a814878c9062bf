// Decides where each weight lies in the weights file: single matrices first, then for each body of
// phi.layers its families, member by member.
// Matrices may lie in panels; weights of one row never do.

#include "phidias/Pack/Passes.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace phidias;
using namespace phidias::phi;

namespace phidias {
#define GEN_PASS_DEF_ASSIGNLAYOUTPASS
#include "phidias/Pack/Passes.h.inc"
} // namespace phidias

namespace {

constexpr int64_t kMemberAlignment = 64;  // a cache line, and the widest vector
constexpr int64_t kGroupAlignment = 4096; // a page

/// Places weights one after the other.
class Layout {
public:
  explicit Layout(bool panels) : panels(panels) {}

  void placeSingle(WeightOp weight) { placeGroup(ArrayRef(weight)); }

  /// Families whose members i lie together.
  void placeGroup(ArrayRef<WeightOp> group) {
    end = llvm::alignTo(end, kGroupAlignment);
    int64_t stride = 0, members = 0;
    for (WeightOp weight : group) // bytes follow the kind of layout
      weight.setPackedAttr(PackedAttr::get(weight.getContext(), 0, 0, liesInPanels(weight)));
    for (WeightOp weight : group) {
      stride += llvm::alignTo(weight.getMemberBytes(), kMemberAlignment);
      members = std::max(members, weight.getMembers());
    }
    int64_t offset = end;
    for (WeightOp weight : group) {
      weight.setPackedAttr(
          PackedAttr::get(weight.getContext(), offset, stride, liesInPanels(weight)));
      offset += llvm::alignTo(weight.getMemberBytes(), kMemberAlignment);
    }
    end += stride * members;
  }

  int64_t bytes() const { return end; }

private:
  bool liesInPanels(WeightOp weight) const {
    return panels && weight.getTensorType().getDimSize(0) > 1;
  }

  bool panels;
  int64_t end = 0;
};

llvm::SmallSetVector<Operation *, 8> familiesOf(Region &body, SymbolTable &symbols) {
  llvm::SmallSetVector<Operation *, 8> families;
  body.walk([&](Operation *op) {
    auto name = op->getAttrOfType<FlatSymbolRefAttr>("weight");
    auto weight = name ? symbols.lookup<WeightOp>(name.getValue()) : WeightOp();
    if (weight && weight.isFamily() && !weight.getPacked())
      families.insert(weight);
  });
  return families;
}

struct AssignLayout : phidias::impl::AssignLayoutPassBase<AssignLayout> {
  using AssignLayoutPassBase::AssignLayoutPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkElements(module)))
      return signalPassFailure();
    SymbolTable symbols(module);
    Layout layout(panels);
    // Places of an earlier run would be taken for weights that another body has placed.
    for (auto weight : module.getOps<WeightOp>())
      weight.removePackedAttr();
    for (auto weight : module.getOps<WeightOp>())
      if (!weight.isFamily())
        layout.placeSingle(weight);
    module.walk([&](LayersOp layers) {
      for (Region &body : layers.getBodies())
        placeBody(familiesOf(body, symbols).getArrayRef(), layout);
    });
    Builder builder(&getContext());
    module->setAttr("phi.data_bytes", builder.getI64IntegerAttr(layout.bytes()));
  }

  LogicalResult checkElements(ModuleOp module) {
    for (auto weight : module.getOps<WeightOp>())
      if (isa<QuantizedType>(weight.getTensorType().getElementType()) &&
          (!panels || weight.getTensorType().getDimSize(0) == 1))
        return weight.emitOpError("quantised elements lie in panels of several rows only");
    return success();
  }

  static void placeBody(ArrayRef<Operation *> families, Layout &layout) {
    SmallVector<WeightOp> group;
    for (Operation *family : families)
      group.push_back(cast<WeightOp>(family));
    if (!group.empty())
      layout.placeGroup(group);
  }
};

} // namespace
