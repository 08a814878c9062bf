// phi.tile_prepare for long passes of a quantised or f16 weight. The row's largest must be known
// before the first value is scaled: a row of several turns is gone through twice.

#include "mlir/Dialect/Math/IR/Math.h"
#include "targets/cuda/Halves.h"
#include "targets/cuda/PrepareRow.h"
#include "targets/cuda/Records.h"
#include "targets/cuda/WideRow.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {
namespace {

class Wide {
public:
  /// `tiled`: rows lie as in Records.h.
  Wide(const Block &b, phi::TilePrepareOp op, bool tiled)
      : op(op), b(b), halves{b},
        acts(recordLayout(op.getWeight().getElementType(), op.getActivation(), op.getColumns())),
        row(b, op, acts.padded), tiled(tiled) {}
  virtual ~Wide() = default;

  void emit() {
    b.loop(op.getFrom(), op.getTo(), 1, [&](Value token) {
      row.enter(token);
      own = token;
      record = b.mul(token, acts.bytes);
      roundsOf(acts.padded) <= kTurnRounds ? emitOneTurn() : emitTurns();
      Value isFirst =
          arith::CmpIOp::create(b.b, b.loc, arith::CmpIPredicate::eq, b.thread, b.index(0));
      b.when(isFirst, [&] {
        Value at = tiled ? tiledFactor(b, acts, token) : b.add(record, acts.factor);
        b.storeAligned(scale, op.getActivations(), at);
      });
    });
  }

protected:
  /// A magnitude of each quad, the row's largest of which, times `step`, its values are divided by.
  virtual Values largestOf(const Quads &quads) const = 0;
  virtual Value step() const = 0;
  virtual void storeQuad(const Quad &quad, Value largest) const = 0;

  Value narrowed(Value x) const { return arith::TruncFOp::create(b.b, b.loc, b.b.getF16Type(), x); }
  Value narrowed(ValueRange numbers) const {
    Values narrow;
    for (Value x : numbers)
      narrow.push_back(narrowed(x));
    auto type = b.vector(static_cast<int64_t>(narrow.size()), b.b.getF16Type());
    return vector::FromElementsOp::create(b.b, b.loc, type, narrow);
  }

  mutable phi::TilePrepareOp op; ///< accessors of ops are not const
  const Block &b;
  Halves halves;
  phi::ActivationLayout acts;
  PrepareRow row;
  bool tiled;
  Value own, record, scale, inverse;

private:
  void emitOneTurn() {
    eachTurn(b, acts.padded, [&](Quads &quads) {
      row.load(quads);
      Values largest = largestOf(quads);
      findScale(largestWith(b.f32(0), largest));
      store(quads, largest);
    });
  }

  void emitTurns() {
    auto look = [&](Quads &quads, ValueRange so) -> Values {
      row.load(quads);
      return {largestWith(so[0], largestOf(quads))};
    };
    findScale(eachTurn(b, acts.padded, b.f32(0), look)[0]);
    eachTurn(b, acts.padded, [&](Quads &quads) {
      row.load(quads);
      store(quads, largestOf(quads));
    });
  }

  Value largestWith(Value so, ArrayRef<Value> more) const {
    for (Value x : more)
      so = b.maxf(so, x);
    return so;
  }

  /// `largest`: the thread's own.
  void findScale(Value largest) {
    Value own = b.mulf(b.blockLargest(largest, /*at=*/0), step());
    scale = b.maxf(b.f32(kSmallestScale), own);
    inverse = arith::DivFOp::create(b.b, b.loc, b.f32(1), scale);
  }

  void store(const Quads &quads, ArrayRef<Value> largest) {
    for (auto [quad, most] : llvm::zip_equal(quads, largest)) {
      auto body = [&, quad = quad, most = most] { storeQuad(quad, most); };
      quad.exists ? b.when(quad.exists, body) : body();
    }
  }
};

/// Codes times their scales over the row's largest.
class WideCodes : public Wide {
public:
  WideCodes(const Block &b, phi::TilePrepareOp op, bool tiled)
      : Wide(b, op, tiled), type(cast<phi::QuantizedType>(op.getWeight().getElementType())) {}

private:
  Values largestOf(const Quads &quads) const override { return largestOfGroups(b, quads); }
  Value step() const override { return b.mulf(row.step(), b.f32(1 / kLargestScale)); }

  void storeQuad(const Quad &quad, Value largest) const override {
    Value factor = halves.both(b.mulf(b.mulf(largest, row.step()), inverse));
    Value inRow = wideQuad(b, quad.number);
    Values numbers = row.rounded(quad, largest);
    for (int64_t pair = 0; pair < 2; ++pair) {
      auto [first, second] = widePair(type, pair);
      Value both = halves.mul(narrowed({numbers[first], numbers[second]}), factor);
      Value byte = b.add(inRow, pair * kWidePairBytes);
      Value at = tiled ? tiledByte(b, acts.bytes, own, byte) : b.add(record, byte);
      b.storeAligned(halves.asWord(both), op.getActivations(), at);
    }
  }

  phi::QuantizedType type;
};

/// The values themselves, in parts.
class WideValues : public Wide {
public:
  using Wide::Wide;

private:
  Values largestOf(const Quads &quads) const override {
    Values largest;
    for (const Quad &quad : quads) {
      Value most = b.f32(0);
      for (Value x : quad.x)
        most = b.maxf(most, math::AbsFOp::create(b.b, b.loc, x));
      largest.push_back(most);
    }
    return largest;
  }
  Value step() const override { return b.f32(1 / kLargestValue); }

  void storeQuad(const Quad &quad, Value) const override {
    Values left;
    for (Value x : quad.x)
      left.push_back(b.mulf(x, inverse));
    for (int64_t part = 0; part < acts.wideParts; ++part) {
      Value number = partQuad(b, quad.number, part, acts.wideParts);
      Value at =
          tiled ? tiledQuad(b, acts.bytes, own, number) : b.add(record, b.mul(number, kQuad * 2));
      b.storeAligned(narrowed(left), op.getActivations(), at);
      for (Value &x : left)
        x = b.subf(x, b.toF32(narrowed(x)));
    }
  }
};

} // namespace

void prepareWide(const Block &b, phi::TilePrepareOp op, const Capability &capability) {
  Type weight = op.getWeight().getElementType();
  bool tiled = byWgmma(weight, op.getActivation(), capability);
  if (isa<phi::QuantizedType>(weight))
    return WideCodes(b, op, tiled).emit();
  WideValues(b, op, tiled).emit();
}

} // namespace phidias::cuda
