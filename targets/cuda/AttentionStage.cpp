#include "targets/cuda/AttentionStage.h"
#include "phidias/Vectorize/CacheRegion.h"
#include "targets/cuda/TensorCore.h"

using namespace mlir;
using phidias::vec::kPanel;

namespace phidias::cuda {
namespace {

struct Copy {
  const Attend &a;
  const AttendItem &item;
  Value start, to;
  const Block &e = a.e;
  StageShape shape{a};

  void copyKeys() const {
    e.eachThread(e.index(0), e.index(shape.valuesAt()), [&](Value unit) {
      Value panel = e.add(e.div(start, kPanel), e.div(unit, shape.panelUnits()));
      Value last = e.div(item.last, kPanel);
      Value first = e.mul(e.min(panel, last), shape.panelUnits());
      Value from = e.mul(e.add(first, e.rem(unit, shape.panelUnits())), kUnit);
      Value swap = e.rem(e.div(unit, 8), 2);
      Value place = e.add(to, e.b.createOrFold<arith::XOrIOp>(e.loc, unit, swap));
      copyAsync(e, a.op.getCache(), e.add(item.cache.keys, from), e.mul(place, kUnit));
    });
  }

  void copyValues() const {
    int64_t units = shape.headDim / 8;
    e.eachThread(e.index(0), e.index(kBlockPositions * units), [&](Value unit) {
      Value row = e.div(unit, units), place = e.rem(unit, units), position = e.add(start, row);
      Value from = e.add(e.mul(e.min(position, item.last), units), place);
      Value target = e.add(e.add(to, shape.valuesAt()), e.add(e.mul(row, shape.rowUnits()), place));
      Value exists =
          arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::sle, position, item.last);
      Value bytes = arith::SelectOp::create(e.b, e.loc, exists, e.i32(kUnit), e.i32(0));
      copyAsync(e, a.op.getCache(), e.add(item.cache.values, e.mul(from, kUnit)),
                e.mul(target, kUnit), bytes);
    });
  }
};

} // namespace

void fillStage(const Attend &a, const AttendItem &item, Value start, Value to) {
  Block e = a.e.anew(); // addresses take fewer registers than they would from block to block
  Attend own(e, a.op);
  AttendItem place = item;
  place.cache = placeAgain(own, item);
  if (a.isI8())
    return widenStage(own, place, start, to);
  Copy copy{own, place, start, to};
  copy.copyKeys();
  copy.copyValues();
  commitCopies(e);
}

} // namespace phidias::cuda
