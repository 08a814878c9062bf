#include "targets/cuda/LinearFewTile.h"
#include "targets/cuda/WideRow.h"

using namespace mlir;

namespace phidias::cuda {

FewTile::FewTile(phi::TileLinearOp op, OpBuilder &b, Value first, int64_t tokens)
    : e(b, op.getLoc()), op(op), element(op.getElement()), step(phi::stepLayout(element)),
      acts(recordLayout(element, op.getActivation(), op.getColumns())),
      steps(llvm::divideCeil(op.getColumns(), phi::kStepColumns)), tokens(tokens),
      width(op.getGated() ? 2 : 1), first(first) {}

Value FewTile::clamped(Value token) const {
  return e.min(e.add(first, token), e.sub(op.getCount(), e.index(1)));
}

Value FewTile::record(Value token) const { return e.mul(clamped(token), acts.bytes); }

Value FewTile::andBits(Value word, uint32_t bits) const {
  return arith::AndIOp::create(e.b, e.loc, word, e.i32(static_cast<int32_t>(bits)));
}

Value FewTile::orBits(Value x, Value y) const { return arith::OrIOp::create(e.b, e.loc, x, y); }

Value FewTile::shiftRight(Value word, int64_t bits) const {
  return arith::ShRUIOp::create(e.b, e.loc, word, e.i32(static_cast<int32_t>(bits)));
}

Value FewTile::shiftLeft(Value word, int64_t bits) const {
  return arith::ShLIOp::create(e.b, e.loc, word, e.i32(static_cast<int32_t>(bits)));
}

Value FewTile::at(Value vector, int64_t lane) const {
  return vector::ExtractOp::create(e.b, e.loc, vector, lane);
}

Value FewTile::isZero(Value index) const {
  return arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq, index, e.index(0));
}

Value FewTile::select(Value condition, Value yes, Value no) const {
  return arith::SelectOp::create(e.b, e.loc, condition, yes, no);
}

Value FewTile::loadActivation(Type type, Value byte) const {
  return e.loadAligned(type, op.getActivations(), byte);
}

} // namespace phidias::cuda
