// Where top-k and top-p cut: the key of the last score that stays, four bits a round. A histogram
// says what falls to each value of the next four among the keys that begin with what is known.

#include "phirt/abi/Choice.h"
#include "targets/cuda/Choose.h"

using namespace mlir;
using phidias::vec::Values;
using phirt::abi::Choice;
using enum arith::CmpIPredicate;

namespace phidias::cuda {
namespace {

constexpr int64_t kDigits = Choosing::kDigits, kParts = kBlockThreads / kDigits;
// Shared memory after that of `scan`.
constexpr int64_t kTotalsAt = Choosing::kFreeAt, kPartsAt = kTotalsAt + 8 * kDigits;
constexpr int64_t kCountsAt = kPartsAt + 8 * kBlockThreads;
constexpr int64_t kPitch = kDigits + 1; // of a thread's counts: banks of neighbours differ

/// A round and what follows of it.
struct Round {
  const Choosing &c;
  Value round; ///< index

  Value digit() const { return c.toNumber(c.rem(round, Choosing::kRounds)); }
  /// How far the digit is from the key's end.
  Value shift() const { return c.minus(c.number(28), c.times(digit(), c.number(4))); }
  Value isLast() const { return c.is(eq, digit(), c.number(Choosing::kRounds - 1)); }
  Value weighs() const { return c.is(uge, round, c.index(Choosing::kRounds)); }
  Value histogram() const { return c.rem(round, 2); }
};

/// Of the values of thread kDigits * p + d for all p, at d: memref [kDigits], shared.
Value totalsOf(const Choosing &c, Value own) {
  Value parts = c.shared(kPartsAt, {kParts, kDigits}, c.b.getI64Type());
  Value totals = c.shared(kTotalsAt, kDigits, c.b.getI64Type());
  Value digit = c.rem(c.thread, kDigits);
  c.barrier();
  c.storeOne(own, parts, {c.div(c.thread, kDigits), digit});
  c.barrier();
  c.when(c.less(c.thread, c.index(kDigits)), [&] {
    Value sum = c.loadOne(parts, {c.index(0), digit});
    for (int64_t part = 1; part < kParts; ++part)
      sum = c.plus(sum, c.loadOne(parts, {c.index(part), digit}));
    c.storeOne(sum, totals, digit);
  });
  c.barrier();
  return totals;
}

/// All slices of a histogram together.
Values readHistogram(const Choosing &c, const Round &r) {
  Value from = c.histograms(), digit = c.rem(c.thread, kDigits), sum = c.number(0);
  for (int64_t first = 0; first < c.slices; first += kParts) {
    Value slice = c.add(c.div(c.thread, kDigits), first), last = c.index(c.slices - 1);
    Value own = c.loadOne(from, {r.histogram(), c.min(slice, last), digit});
    sum = c.plus(sum, c.pick(c.less(last, slice), c.number(0), own));
  }
  Value totals = totalsOf(c, sum);
  Values bins;
  for (int64_t digit = 0; digit < kDigits; ++digit)
    bins.push_back(c.loadOne(totals, c.index(digit)));
  return bins;
}

struct Found {
  Value digit, above, bin;
};

/// The highest digit at which, with all above it, there is what is wanted; 0 if none.
Found findDigit(const Choosing &c, const Values &bins, Value wanted) {
  Value above = c.number(0), found = c.is(ne, above, above);
  Found result{c.number(0), above, bins[0]};
  for (int64_t digit = kDigits - 1; digit >= 0; --digit) {
    Value reached = c.plus(above, bins[digit]);
    Value isLast = digit ? c.is(uge, reached, wanted) : c.is(eq, above, above);
    Value no = c.is(eq, found, arith::ConstantIntOp::create(c.b, c.loc, 0, 1));
    Value isHere = c.both(isLast, no);
    result = {c.pick(isHere, c.number(digit), result.digit), c.pick(isHere, above, result.above),
              c.pick(isHere, bins[digit], result.bin)};
    found = arith::OrIOp::create(c.b, c.loc, found, isLast);
    above = reached;
  }
  return result;
}

/// Of the weight of all in the histogram, 1 at least.
Value wantedWeight(const Choosing &c, const Values &bins) {
  Value all = bins[0];
  for (Value bin : ArrayRef(bins).drop_front())
    all = c.plus(all, bin);
  Value part = c.scaled(c.field(offsetof(Choice, topP), c.b.getI64Type()), all);
  return c.larger(part, c.number(1));
}

/// Scores with the last key that stay: for top-k all; for top-p those with less than is wanted
/// ahead.
Value tiesOf(const Choosing &c, const Round &r, Value key, Value top, Value wanted, Value count) {
  Value weight = c.larger(c.weightOf(c.scoreAt(key), top), c.number(1));
  Value some = c.plus(wanted, c.minus(weight, c.number(1)));
  return c.pick(r.weighs(), arith::DivUIOp::create(c.b, c.loc, some, weight), count);
}

Search advance(const Choosing &c, const Round &r, const Search &before) {
  Values bins = readHistogram(c, r);
  Value begins = c.both(r.weighs(), c.is(eq, r.digit(), c.number(0)));
  Value wanted = c.pick(begins, wantedWeight(c, bins), before.wanted);
  Found found = findDigit(c, bins, wanted);
  Value key = c.plus(before.prefix, c.left(found.digit, r.shift()));
  wanted = c.minus(wanted, found.above);
  Value ends = r.isLast();
  Value ties = tiesOf(c, r, key, before.top, wanted, found.bin);
  return {before.top, c.pick(ends, c.number(0), key), wanted, c.pick(ends, key, before.floor),
          c.pick(ends, ties, before.ties)};
}

/// What a thread counts of a slice, by digit.
Values countSlice(const Choosing &c, const Round &r, const Search &search, Value slice) {
  Value shift = r.shift(), above = c.plus(shift, c.number(4));
  Value prefix = c.right(search.prefix, above);
  Value from = c.add(c.sliceStart(slice), c.thread), to = c.sliceStart(c.add(slice, 1));
  return c.loop(from, to, kBlockThreads, Values(kDigits, c.number(0)),
                [&](Value id, ValueRange so) {
                  Score score = c.scoreOf(id);
                  Value weight = c.weightOf(score.value, search.top);
                  Value own = c.pick(r.weighs(), weight, c.number(1));
                  Value isIn = c.is(eq, c.right(score.key, above), prefix);
                  isIn = c.both(isIn, c.is(uge, score.key, search.floor));
                  isIn = c.both(isIn, c.is(ne, score.key, c.number(0)));
                  own = c.pick(isIn, own, c.number(0));
                  Value digit = c.both(c.right(score.key, shift), c.number(kDigits - 1));
                  Values next;
                  for (int64_t i = 0; i < kDigits; ++i) {
                    Value isHere = c.is(eq, digit, c.number(i));
                    next.push_back(c.plus(so[i], c.pick(isHere, own, c.number(0))));
                  }
                  return next;
                });
}

void leaveHistogram(const Choosing &c, const Round &r, Value slice, const Values &own) {
  Value counts = c.shared(kCountsAt, {kBlockThreads, kPitch}, c.b.getI64Type());
  for (int64_t i = 0; i < kDigits; ++i)
    c.storeOne(own[i], counts, {c.thread, c.index(i)});
  c.barrier();
  Value digit = c.rem(c.thread, kDigits), sum = c.number(0);
  for (int64_t other = 0; other < kBlockThreads; other += kParts)
    sum = c.plus(sum, c.loadOne(counts, {c.add(c.div(c.thread, kDigits), other), digit}));
  Value totals = totalsOf(c, sum), to = c.histograms();
  c.when(c.less(c.thread, c.index(kDigits)),
         [&] { c.storeOne(c.loadOne(totals, c.thread), to, {r.histogram(), slice, c.thread}); });
}

} // namespace

Search searchOfRound(const Choosing &c) {
  Value round = c.op.getRound(), isFirst = c.is(eq, round, c.op.getFirst());
  Value last = c.pick(isFirst, round, c.sub(round, c.index(1)));
  Search before = c.loadSearch(last);
  Type i64 = c.b.getI64Type();
  auto branch = scf::IfOp::create(c.b, c.loc, {i64, i64, i64, i64}, isFirst, true);
  OpBuilder::InsertionGuard guard(c.b);
  c.b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(c.b, c.loc,
                       ValueRange{before.prefix, before.wanted, before.floor, before.ties});
  c.b.setInsertionPointToStart(branch.elseBlock());
  Search next = advance(c, {c, last}, before);
  scf::YieldOp::create(c.b, c.loc, ValueRange{next.prefix, next.wanted, next.floor, next.ties});
  return {before.top, branch.getResult(0), branch.getResult(1), branch.getResult(2),
          branch.getResult(3)};
}

void emitNarrow(const Choosing &c) {
  Search search = searchOfRound(c);
  Round r{c, c.op.getRound()};
  Value isNew = c.is(ne, r.round, c.op.getFirst());
  c.when(c.both(c.isFirstSlice(), isNew), [&] { c.storeSearch(search, r.round); });
  c.eachSlice([&](Value slice) {
    Values own = countSlice(c, r, search, slice);
    c.barrier();
    leaveHistogram(c, r, slice, own);
  });
}

} // namespace phidias::cuda
