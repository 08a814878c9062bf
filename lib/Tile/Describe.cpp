// What the profile and the report know of each stage.

#include "Describe.h"

using namespace mlir;

namespace phidias::tile {

/// Layers that run the body which `op` is in; 1 outside.
static int64_t callsOf(Operation *op) {
  auto layers = op->getParentOfType<phi::LayersOp>();
  if (!layers)
    return 1;
  int64_t body = op->getParentRegion()->getRegionNumber();
  return llvm::count(layers.getOrder(), body);
}

DictionaryAttr describe(phi::StageOp stage, SymbolTable &symbols) {
  int64_t calls = callsOf(stage), bytes = 0, macs = 0;
  bool rows = false;
  stage.walk([&](Operation *op) {
    auto name = op->getAttrOfType<FlatSymbolRefAttr>("weight");
    if (!name || isa<phi::EmbedOp>(op))
      return;
    auto weight = symbols.lookup<phi::WeightOp>(name.getValue());
    bytes += weight.getMemberBytes() * calls;
    if (isa<phi::LinearOp, phi::LogitsOp>(op))
      macs += weight.getTensorType().getNumElements() * calls;
    rows |= isa<phi::LogitsOp>(op);
  });
  Builder b(stage.getContext());
  auto field = [&](StringRef name, int64_t value) {
    return b.getNamedAttr(name, b.getI64IntegerAttr(value));
  };
  return b.getDictionaryAttr({b.getNamedAttr("name", stage.getNameAttr()), field("bytes", bytes),
                              field("macs", macs), field("calls", calls), field("rows", rows)});
}

void noteEnd(const lower::Lowering &l, Location loc, int64_t stage) {
  OpBuilder &b = l.builder;
  Type i64 = b.getI64Type();
  Value address = LLVM::PtrToIntOp::create(b, loc, i64, l.env.profile);
  Value none = arith::ConstantIntOp::create(b, loc, 0, 64);
  Value asked = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, address, none);
  Value first = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, l.env.thread,
                                      lower::constantIndex(b, loc, 0));
  auto branch = scf::IfOp::create(b, loc, arith::AndIOp::create(b, loc, asked, first), false);
  OpBuilder inner = branch.getThenBodyBuilder();
  Value number = arith::ConstantIntOp::create(inner, loc, stage, 64);
  func::CallOp::create(inner, loc, "phirt_stage", TypeRange(), ValueRange{l.env.profile, number});
}

} // namespace phidias::tile
