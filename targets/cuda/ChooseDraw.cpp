// The draw: the weights of all slices, then the slice, the thread and the column in which the drawn
// number falls. Of the scores that equal the floor some lowest ids stay, so both are counted: the
// weight above the floor and the ties.

#include "phirt/abi/Choice.h"
#include "targets/cuda/Choose.h"

using namespace mlir;
using phidias::vec::Values;
using phirt::abi::Choice;
using enum arith::CmpIPredicate;

namespace phidias::cuda {
namespace {

/// Weight above the floor and ties, of a stretch of columns.
struct Part {
  Value above, ties;
};

Part partOf(const Choosing &c, const Search &search, Value id) {
  Score score = c.scoreOf(id);
  Value isAbove = c.is(ugt, score.key, search.floor);
  Value isTie = c.both(c.is(eq, score.key, search.floor), c.is(ne, score.key, c.number(0)));
  return {c.pick(isAbove, c.weightOf(score.value, search.top), c.number(0)),
          c.pick(isTie, c.number(1), c.number(0))};
}

Part sumOf(const Choosing &c, const Search &search, Value from, Value to, int64_t step) {
  Values sums =
      c.loop(from, to, step, Values{c.number(0), c.number(0)}, [&](Value id, ValueRange so) {
        Part part = partOf(c, search, id);
        return Values{c.plus(so[0], part.above), c.plus(so[1], part.ties)};
      });
  return {sums[0], sums[1]};
}

/// Min-p raises the floor: to the lowest score of at least top + ln p, in f64 as the host has it.
Search withMinP(const Choosing &c, Search search) {
  Type f64 = c.b.getF64Type(), f32 = c.b.getF32Type();
  Value top = arith::ExtFOp::create(c.b, c.loc, f64, search.top);
  Value least = arith::AddFOp::create(c.b, c.loc, top, c.field(offsetof(Choice, logMinP), f64));
  Value near = c.addf(arith::TruncFOp::create(c.b, c.loc, f32, least), c.f32(0));
  Value back = arith::ExtFOp::create(c.b, c.loc, f64, near);
  Value isBelow = arith::CmpFOp::create(c.b, c.loc, arith::CmpFPredicate::OLT, back, least);
  Value key = c.keyOf(near); // 0 where there is no such limit
  key = c.plus(key, c.pick(isBelow, c.number(1), c.number(0)));
  Value raises = c.is(ugt, key, search.floor);
  search.ties = c.pick(raises, c.number(0), search.ties);
  search.floor = c.pick(raises, c.minus(key, c.number(1)), search.floor);
  return search;
}

/// The thread in whose part the number falls.
struct Place {
  Value isHere;
  Value number, ties; ///< what is left of them there
  Value total;
};

/// Threads in their order have `part` of it. `number` of null: drawn of the weight of all.
Place locate(const Choosing &c, const Search &search, const Part &part, Value ties, Value number) {
  Value tieWeight = c.weightOf(c.scoreAt(search.floor), search.top);
  Value tiesBefore = c.minus(c.sumUpTo(part.ties), part.ties);
  Value left = c.minus(c.larger(ties, tiesBefore), tiesBefore);
  Value weight = c.plus(part.above, c.times(c.smaller(left, part.ties), tieWeight));
  Value end = c.sumUpTo(weight), start = c.minus(end, weight), total = c.ofAll();
  if (!number)
    number = c.scaled(c.field(offsetof(Choice, random), c.b.getI64Type()), total);
  Value isHere = c.both(c.is(uge, number, start), c.is(ult, number, end));
  return {isHere, c.minus(number, start), left, total};
}

/// From column to column of the thread, until the number falls into one.
void walk(const Choosing &c, const Search &search, const Place &place, Value from, Value to) {
  Value tieWeight = c.weightOf(c.scoreAt(search.floor), search.top);
  Values found = c.loop(
      from, to, 1, Values{place.number, place.ties, c.number(-1)}, [&](Value id, ValueRange so) {
        Part part = partOf(c, search, id);
        Value tie = c.smaller(part.ties, so[1]);
        Value weight = c.plus(part.above, c.times(tie, tieWeight));
        Value isFirst = c.both(c.is(ult, so[0], weight), c.is(eq, so[2], c.number(-1)));
        return Values{c.minus(so[0], c.smaller(weight, so[0])), c.minus(so[1], tie),
                      c.pick(isFirst, c.toNumber(id), so[2])};
      });
  c.setToken(found[2]);
}

/// A slice for each thread; what the one that is meant has found, to all.
struct Slice {
  Value slice, number, ties;
};

Slice findSlice(const Choosing &c, const Search &search) {
  Value isThere = c.less(c.thread, c.index(c.slices));
  Value own = c.min(c.thread, c.index(c.slices - 1)), from = c.weights();
  auto read = [&](int64_t i) {
    return c.pick(isThere, c.loadOne(from, {own, c.index(i)}), c.number(0));
  };
  Place place = locate(c, search, {read(0), read(1)}, search.ties, nullptr);
  Value told = c.shared(Choosing::kFreeAt, 3, c.b.getI64Type());
  auto tell = [&](ArrayRef<Value> words) {
    for (auto [i, word] : llvm::enumerate(words))
      c.storeOne(word, told, c.index(static_cast<int64_t>(i)));
  };
  c.when(c.is(eq, c.thread, c.index(0)), [&] { tell({c.number(-1), c.number(0), c.number(0)}); });
  c.barrier();
  c.when(place.isHere, [&] { tell({c.toNumber(c.thread), place.number, place.ties}); });
  c.barrier();
  auto word = [&](int64_t i) { return c.loadOne(told, c.index(i)); };
  return {word(0), word(1), word(2)};
}

} // namespace

void emitWeigh(const Choosing &c) {
  Search search = withMinP(c, searchOfRound(c));
  c.when(c.isFirstSlice(), [&] { c.storeSearch(search, c.index(Choosing::kChosen)); });
  c.eachSlice([&](Value slice) {
    Value from = c.add(c.sliceStart(slice), c.thread), to = c.sliceStart(c.add(slice, 1));
    Part own = sumOf(c, search, from, to, kBlockThreads);
    c.sumUpTo(own.above);
    Value above = c.ofAll();
    c.sumUpTo(own.ties);
    Value ties = c.ofAll(), out = c.weights();
    c.when(c.is(eq, c.thread, c.index(0)), [&] {
      c.storeOne(above, out, {slice, c.index(0)});
      c.storeOne(ties, out, {slice, c.index(1)});
    });
  });
}

/// Without a finite logit there is no weight: the token stays -1.
void emitDraw(const Choosing &c) {
  Search search = c.loadSearch(c.index(Choosing::kChosen));
  Slice found = findSlice(c, search);
  c.when(c.is(ne, found.slice, c.number(-1)), [&] {
    Value slice = c.toIndex(found.slice), end = c.sliceStart(c.add(slice, 1));
    int64_t columns = llvm::divideCeil(c.width, kBlockThreads);
    Value from = c.min(c.add(c.sliceStart(slice), c.mul(c.thread, columns)), end);
    Value to = c.min(c.add(from, columns), end);
    Part own = sumOf(c, search, from, to, 1);
    Place place = locate(c, search, own, found.ties, found.number);
    c.when(place.isHere, [&] { walk(c, search, place, from, to); });
  });
}

} // namespace phidias::cuda
