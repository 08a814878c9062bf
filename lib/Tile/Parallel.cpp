#include "Stage.h"

using namespace mlir;

namespace phidias::tile {

namespace {

/// A total cut into pieces, none of them empty: units * piece / pieces units come before a piece.
struct Cut {
  Value total, units, pieces;
  Value unit; ///< null: an element

  Value start(OpBuilder &b, Location loc, Value piece) const {
    Value before = arith::DivUIOp::create(b, loc, lower::mul(b, loc, units, piece), pieces);
    if (!unit)
      return before;
    // The last unit may be cut short.
    return arith::MinUIOp::create(b, loc, lower::mul(b, loc, before, unit), total);
  }
};

/// Elements that stay together. Null: one.
Value unitFor(const lower::Lowering &l, Location loc, const Grain &grain) {
  OpBuilder &b = l.builder;
  if (grain.claimed == grain.even)
    return grain.even == 1 ? Value() : lower::constantIndex(b, loc, grain.even);
  Value even = lower::constantIndex(b, loc, grain.even);
  Value claimed = lower::constantIndex(b, loc, grain.claimed);
  Value claim =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ugt, l.env.pieces, l.env.threads);
  return arith::SelectOp::create(b, loc, claim, claimed, even);
}

/// No more than the grain allows, but one for each thread.
Value mostPieces(const lower::Lowering &l, Location loc, const Grain &grain) {
  if (!grain.most)
    return l.env.pieces;
  Value most = arith::MinUIOp::create(l.builder, loc, l.env.pieces, grain.most);
  return arith::MaxUIOp::create(l.builder, loc, l.env.threads, most);
}

Cut cut(const lower::Lowering &l, Location loc, Value total, const Grain &grain) {
  OpBuilder &b = l.builder;
  Value most = mostPieces(l, loc, grain), unit = unitFor(l, loc, grain);
  Value units = unit ? arith::CeilDivUIOp::create(b, loc, total, unit).getResult() : total;
  return {total, units, arith::MinUIOp::create(b, loc, units, most), unit};
}

} // namespace

void parallel(const lower::Lowering &l, Location loc, Value total, const Grain &grain,
              function_ref<void(OpBuilder &, Share)> body) {
  Cut pieces = cut(l, loc, total, grain);
  SmallVector<OpFoldResult> bound{pieces.pieces};
  scf::ForallOp::create(l.builder, loc, bound, ValueRange(), std::nullopt,
                        [&](OpBuilder &b, Location, ValueRange piece) {
                          Value next =
                              lower::add(b, loc, piece[0], lower::constantIndex(b, loc, 1));
                          body(b, {pieces.start(b, loc, piece[0]), pieces.start(b, loc, next)});
                          scf::InParallelOp::create(b, loc);
                        });
}

Value weightOffset(const lower::Lowering &l, Location loc, StringRef name, Value member) {
  auto weight = l.symbols.lookup<phi::WeightOp>(name);
  OpBuilder &b = l.builder;
  Value offset = lower::constantIndex(b, loc, weight.getPacked()->getOffset());
  if (!member)
    return offset;
  Value stride = lower::constantIndex(b, loc, weight.getPacked()->getStride());
  return lower::add(b, loc, offset, lower::mul(b, loc, member, stride));
}

} // namespace phidias::tile
