// phi.tile_prepare for long passes of a quantised weight. The row's largest scale must be known
// before the first code is scaled: a row of several turns is gone through twice.

#include "targets/cuda/Halves.h"
#include "targets/cuda/PrepareRow.h"
#include "targets/cuda/WideRow.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {
namespace {

class Wide {
public:
  Wide(const Block &b, phi::TilePrepareOp op)
      : op(op), b(b), halves{b}, type(cast<phi::QuantizedType>(op.getWeight().getElementType())),
        acts(recordLayout(type, op.getActivation(), op.getColumns())), row(b, op, acts.padded) {}

  void emit() {
    b.loop(op.getFrom(), op.getTo(), 1, [&](Value token) {
      row.enter(token);
      record = b.mul(token, acts.bytes);
      roundsOf(acts.padded) <= kTurnRounds ? emitOneTurn() : emitTurns();
      Value isFirst =
          arith::CmpIOp::create(b.b, b.loc, arith::CmpIPredicate::eq, b.thread, b.index(0));
      b.when(isFirst,
             [&] { b.storeAligned(scale, op.getActivations(), b.add(record, acts.factor)); });
    });
  }

private:
  void emitOneTurn() {
    eachTurn(b, acts.padded, [&](Quads &quads) {
      row.load(quads);
      Values largest = largestOfGroups(b, quads);
      findScale(largestOf(b.f32(0), largest));
      store(quads, largest);
    });
  }

  void emitTurns() {
    auto look = [&](Quads &quads, ValueRange so) -> Values {
      row.load(quads);
      return {largestOf(so[0], largestOfGroups(b, quads))};
    };
    findScale(eachTurn(b, acts.padded, b.f32(0), look)[0]);
    eachTurn(b, acts.padded, [&](Quads &quads) {
      row.load(quads);
      store(quads, largestOfGroups(b, quads));
    });
  }

  Value largestOf(Value so, ArrayRef<Value> more) const {
    for (Value x : more)
      so = b.maxf(so, x);
    return so;
  }

  /// `largest`: the thread's own.
  void findScale(Value largest) {
    Value own = b.mulf(b.blockLargest(largest, /*at=*/0), row.step());
    scale = b.maxf(b.f32(kSmallestScale), own);
    inverse = arith::DivFOp::create(b.b, b.loc, b.f32(1), scale);
  }

  void store(const Quads &quads, ArrayRef<Value> largest) {
    for (auto [quad, most] : llvm::zip_equal(quads, largest)) {
      Value factor = halves.both(b.mulf(b.mulf(most, row.step()), inverse));
      Values numbers = row.rounded(quad, most), pairs;
      for (int64_t pair = 0; pair < 2; ++pair)
        pairs.push_back(halves.mul(narrowed(numbers, widePair(type, pair)), factor));
      auto body = [&, quad = quad] { storePairs(quad, pairs); };
      quad.exists ? b.when(quad.exists, body) : body();
    }
  }

  Value narrowed(ArrayRef<Value> numbers, std::array<int64_t, 2> columns) const {
    Values two;
    for (int64_t i : columns)
      two.push_back(arith::TruncFOp::create(b.b, b.loc, b.b.getF16Type(), numbers[i]));
    return vector::FromElementsOp::create(b.b, b.loc, halves.pair(), two);
  }

  void storePairs(const Quad &quad, ArrayRef<Value> pairs) {
    Value at = b.add(record, wideQuad(b, quad.number));
    for (auto [i, pair] : llvm::enumerate(pairs))
      b.storeAligned(halves.asWord(pair), op.getActivations(), b.add(at, i * kWidePairBytes));
  }

  phi::TilePrepareOp op;
  const Block &b;
  Halves halves;
  phi::QuantizedType type;
  phi::ActivationLayout acts;
  PrepareRow row;
  Value record, scale, inverse;
};

} // namespace

void prepareWide(const Block &b, phi::TilePrepareOp op) { Wide(b, op).emit(); }

} // namespace phidias::cuda
