#include "Stage.h"

using namespace mlir;

namespace phidias::tile {

/// total * part / threads, rounded to a multiple of `unit` but for the end.
static Value shareStart(OpBuilder &b, Location loc, const lower::Lowering &l, Value total,
                        Value part, int64_t unit) {
  Value units = total;
  if (unit > 1)
    units = arith::CeilDivUIOp::create(b, loc, total, lower::constantIndex(b, loc, unit));
  Value start = arith::DivUIOp::create(b, loc, lower::mul(b, loc, units, part), l.env.threads);
  if (unit == 1)
    return start;
  start = lower::mul(b, loc, start, lower::constantIndex(b, loc, unit));
  return arith::MinUIOp::create(b, loc, start, total);
}

void parallel(const lower::Lowering &l, Location loc, Value total, int64_t unit,
              function_ref<void(OpBuilder &, Share)> body) {
  SmallVector<OpFoldResult> bound{l.env.threads};
  scf::ForallOp::create(l.builder, loc, bound, ValueRange(), std::nullopt,
                        [&](OpBuilder &b, Location, ValueRange thread) {
                          Value next =
                              lower::add(b, loc, thread[0], lower::constantIndex(b, loc, 1));
                          body(b, {shareStart(b, loc, l, total, thread[0], unit),
                                   shareStart(b, loc, l, total, next, unit)});
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
