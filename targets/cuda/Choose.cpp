// phi.tile_choose: the block takes slice after slice of a row, a thread every kBlockThreads-th
// column. One file a step or two; here is what they share.

#include "targets/cuda/Choose.h"
#include "phirt/abi/Choice.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using phirt::abi::Choice;

namespace phidias::cuda {

Choosing::Choosing(OpBuilder &b, phi::TileChooseOp op)
    : Block(b, op.getLoc()), op(op),
      vocab(cast<MemRefType>(op.getLogits().getType()).getDimSize(1)),
      width(phi::TileChooseOp::widthFor(vocab)), slices(phi::TileChooseOp::slicesFor(vocab)) {}

Value Choosing::number(int64_t value) const {
  return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
}
Value Choosing::toNumber(Value index) const {
  return arith::IndexCastOp::create(b, loc, b.getI64Type(), index);
}
Value Choosing::toIndex(Value number) const {
  return arith::IndexCastOp::create(b, loc, b.getIndexType(), number);
}
Value Choosing::plus(Value x, Value y) const { return arith::AddIOp::create(b, loc, x, y); }
Value Choosing::minus(Value x, Value y) const { return arith::SubIOp::create(b, loc, x, y); }
Value Choosing::times(Value x, Value y) const { return arith::MulIOp::create(b, loc, x, y); }
Value Choosing::both(Value x, Value y) const { return arith::AndIOp::create(b, loc, x, y); }
Value Choosing::left(Value x, Value places) const {
  return arith::ShLIOp::create(b, loc, x, places);
}
Value Choosing::right(Value x, Value places) const {
  return arith::ShRUIOp::create(b, loc, x, places);
}
Value Choosing::is(arith::CmpIPredicate predicate, Value x, Value y) const {
  return arith::CmpIOp::create(b, loc, predicate, x, y);
}
Value Choosing::pick(Value condition, Value yes, Value no) const {
  return arith::SelectOp::create(b, loc, condition, yes, no);
}
Value Choosing::smaller(Value x, Value y) const { return arith::MinUIOp::create(b, loc, x, y); }
Value Choosing::larger(Value x, Value y) const { return arith::MaxUIOp::create(b, loc, x, y); }
Value Choosing::scaled(Value x, Value y) const {
  return arith::MulUIExtendedOp::create(b, loc, x, y).getHigh();
}

Value Choosing::sliceStart(Value slice) const { return min(mul(slice, width), index(vocab)); }

void Choosing::eachSlice(function_ref<void(Value)> body) const {
  loop(op.getFrom(), op.getTo(), 1, body);
}

/// Twice as far in each step. Which threads take part is found out again in each scan: there are
/// more such conditions than predicate registers.
Value Choosing::scan(Value own, function_ref<Value(Value, Value)> two) const {
  Value thread = anew().thread;
  Value all = shared(kScanAt, kBlockThreads, b.getI64Type());
  barrier();
  storeOne(own, all, thread);
  barrier();
  for (int64_t distance = 1; distance < kBlockThreads; distance *= 2) {
    Value before = loadOne(all, max(sub(thread, index(distance)), index(0)));
    Value hasBefore = less(index(distance - 1), thread);
    own = pick(hasBefore, two(own, before), own);
    barrier();
    storeOne(own, all, thread);
    barrier();
  }
  return own;
}

Value Choosing::sumUpTo(Value own) const {
  return scan(own, [&](Value x, Value y) { return plus(x, y); });
}

Value Choosing::ofAll() const {
  return loadOne(shared(kScanAt, kBlockThreads, b.getI64Type()), index(kBlockThreads - 1));
}

Value Choosing::field(size_t offset, Type type) const {
  return loadAligned(type, op.getChoice(), index(static_cast<int64_t>(offset)));
}

void Choosing::setToken(Value id) const {
  Value token = arith::TruncIOp::create(b, loc, b.getI32Type(), id);
  storeAligned(token, op.getChoice(), index(offsetof(Choice, token)));
}

Value Choosing::array(int64_t first, ArrayRef<int64_t> shape) const {
  return view(op.getWork(), index(8 * first), MemRefType::get(shape, b.getI64Type()));
}

Value Choosing::isFirstSlice() const {
  return is(arith::CmpIPredicate::eq, op.getFrom(), index(0));
}

Search Choosing::loadSearch(Value round) const {
  Value from = searches();
  auto word = [&](int64_t i) { return loadOne(from, {round, index(i)}); };
  Value bits = arith::TruncIOp::create(b, loc, b.getI32Type(), word(0));
  Value top = arith::BitcastOp::create(b, loc, b.getF32Type(), bits);
  return {top, word(1), word(2), word(3), word(4)};
}

void Choosing::storeSearch(const Search &search, Value round) const {
  Value bits = arith::BitcastOp::create(b, loc, b.getI32Type(), search.top);
  Value words[] = {arith::ExtUIOp::create(b, loc, b.getI64Type(), bits), search.prefix,
                   search.wanted, search.floor, search.ties};
  Value to = searches();
  when(is(arith::CmpIPredicate::eq, thread, index(0)), [&] {
    for (auto [i, word] : llvm::enumerate(words))
      storeOne(word, to, {round, index(static_cast<int64_t>(i))});
  });
}

void mapTile(phi::TileChooseOp op) {
  OpBuilder builder(op);
  auto emit = llvm::StringSwitch<void (*)(const Choosing &)>(op.getStep())
                  .Case("best", emitBest)
                  .Case("begin", emitBegin)
                  .Case("narrow", emitNarrow)
                  .Case("weigh", emitWeigh)
                  .Default(emitDraw);
  emit(Choosing(builder, op));
  op.erase();
}

} // namespace phidias::cuda
