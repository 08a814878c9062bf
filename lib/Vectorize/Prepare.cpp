// phi.tile_prepare: norm, rotation, then the form that the dot products read.

#include "ActivationRecord.h"
#include "Linear/LaneGroup.h"
#include "NormalisedRow.h"
#include "Rotate.h"
#include "dialects/phi/Activations.h"
#include "dialects/phi/Panel.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "phidias/Vectorize/Emitter.h"
#include "phidias/Vectorize/Vectorize.h"

using namespace mlir;

namespace phidias {
namespace vec {
namespace {

constexpr int64_t kLanes = 16;
constexpr int64_t kGroup =
    32; ///< columns that are rotated together, and have a scale and a sum written down

class Prepare {
public:
  Prepare(OpBuilder &b, phi::TilePrepareOp op, const VectorTarget &target)
      : op(op), e{b, op.getLoc()}, element(op.getWeight().getElementType()),
        acts(phi::activationLayout(element, op.getActivation(), op.getColumns(), target.matrix)),
        columns(op.getColumns()), block(acts.block), signedCodes(target.signedFor(element)),
        shifted(target.valueLanes), row(e, op), record(e, op, acts) {
    if (auto quantized = dyn_cast<phi::QuantizedType>(element))
      rotated = quantized.getRotated();
  }

  void emit() {
    e.loop(op.getFrom(), op.getTo(), 1, [&](Value token) {
      record.enter(token);
      row.enter(token);
      int64_t whole = columns / block * block;
      e.loop(e.index(0), e.index(whole), block, [&](Value k) { emitBlock(k, block); });
      for (int64_t k = whole; k < acts.padded; k += block)
        emitBlock(e.index(k), std::max<int64_t>(0, columns - k));
    });
  }

private:
  /// 32 elements from column k on, of which `left` are there.
  std::pair<Value, Value> group(Value k, int64_t left) {
    Value low = row.part(k, left), high = row.part(e.add(k, kLanes), left - kLanes);
    return rotated ? rotate(e, low, high) : std::pair(low, high);
  }

  void emitBlock(Value k, int64_t left) {
    if (acts.scales < 0)
      return storeFloats(k, left);
    if (block == kGroup) {
      auto [low, high] = group(k, left);
      quantize(k, low, high, e.reduce(vector::CombiningKind::MAXNUMF, magnitudes(low, high)));
      return;
    }
    // A block does not fit the registers: its groups are computed twice.
    Value most = e.zeros(kLanes);
    eachGroup(left, most, [&](Value at, int64_t there, Value so) {
      auto [low, high] = group(e.add(k, at), there);
      return e.maxf(so, magnitudes(low, high));
    });
    Value largest = e.reduce(vector::CombiningKind::MAXNUMF, most);
    Value sum = e.i32(0);
    eachGroup(left, sum, [&](Value at, int64_t there, Value so) -> Value {
      auto [low, high] = group(e.add(k, at), there);
      Value own = quantize(e.add(k, at), low, high, largest);
      return arith::AddIOp::create(e.b, e.loc, so, own);
    });
    if (acts.blockSums >= 0)
      record.storeWord(negated(sum, phi::dotZero(element, signedCodes)), e.div(k, block),
                       acts.blockSums);
  }

  /// body(column in the block, elements that are there, carried) for each group of a block that has
  /// `left` elements.
  void eachGroup(int64_t left, Value &carried,
                 function_ref<Value(Value at, int64_t there, Value carried)> body) {
    int64_t whole = std::min(left, block) / kGroup * kGroup;
    if (whole > 0)
      carried = e.loop(e.index(0), e.index(whole), kGroup, carried,
                       [&](Value at, ValueRange so) { return Values{body(at, kGroup, so[0])}; })[0];
    for (int64_t at = whole; at < block; at += kGroup)
      carried = body(e.index(at), std::max<int64_t>(0, left - at), carried);
  }

  void storeFloats(Value k, int64_t left) {
    auto [low, high] = group(k, left);
    for (auto [i, part] : llvm::enumerate(ArrayRef<Value>{low, high}))
      record.storeFloats(part, e.add(k, i * kLanes));
  }

  Value magnitudes(Value low, Value high) {
    return e.maxf(math::AbsFOp::create(e.b, e.loc, low), math::AbsFOp::create(e.b, e.loc, high));
  }

  /// The group from column k on; `largest`: magnitude in its block. The sum of its codes.
  Value quantize(Value k, Value low, Value high, Value largest) {
    Value scale = e.mulf(largest, e.f32((rotated ? std::sqrt(1.0 / kRotated) : 1.0) / 127));
    Value inverse = arith::DivFOp::create(e.b, e.loc, e.f32(127), largest);
    // A row of zeros has no largest; 127 / 0 * 0 would be NaN.
    Value none = arith::CmpFOp::create(e.b, e.loc, arith::CmpFPredicate::OEQ, largest, e.f32(0));
    inverse = arith::SelectOp::create(e.b, e.loc, none, e.f32(0), inverse);
    Value group = e.div(k, kGroup), sums[2];
    for (auto [i, part] : llvm::enumerate(ArrayRef<Value>{low, high})) {
      Value codes = codesOf(part, inverse);
      sums[i] = e.reduce(vector::CombiningKind::ADD, codes);
      Type bytes = e.vector(kLanes, e.b.getI8Type());
      record.storeCodes(arith::TruncIOp::create(e.b, e.loc, bytes, codes), e.add(k, i * kLanes));
    }
    record.storeWord(scale, group, acts.scales);
    storeSums(group, scale, sums[0], sums[1]);
    return arith::AddIOp::create(e.b, e.loc, sums[0], sums[1]);
  }

  Value codesOf(Value part, Value inverse) {
    Value scaled = e.mulf(part, e.splat(kLanes, inverse));
    Value rounded = math::RoundEvenOp::create(e.b, e.loc, scaled);
    return arith::FPToSIOp::create(e.b, e.loc, e.vector(kLanes, e.b.getI32Type()), rounded);
  }

  void storeSums(Value group, Value scale, Value low, Value high) {
    auto quantized = cast<phi::QuantizedType>(element);
    int64_t zero = phi::dotZero(element, signedCodes);
    if (acts.sumGroup == kGroup) {
      Value sum = arith::AddIOp::create(e.b, e.loc, low, high);
      Value word = quantized.getMinimum() ? scaledSum(scale, sum) : negated(sum, zero);
      if (shifted && !quantized.getMinimum())
        word = arith::AddIOp::create(e.b, e.loc, word, e.i32(kMagicBits));
      return record.storeWord(word, group, acts.sums);
    }
    for (auto [i, sum] : llvm::enumerate(ArrayRef<Value>{low, high}))
      record.storeWord(negated(sum, zero), e.add(e.mul(group, 2), i), acts.sums);
  }

  Value negated(Value sum, int64_t zero) {
    return arith::MulIOp::create(e.b, e.loc, sum, e.i32(-zero));
  }
  Value scaledSum(Value scale, Value sum) {
    return e.mulf(scale, arith::SIToFPOp::create(e.b, e.loc, e.b.getF32Type(), sum));
  }

  phi::TilePrepareOp op;
  Emitter e;
  Type element;
  phi::ActivationLayout acts;
  int64_t columns, block; ///< columns that share a scale
  bool rotated = false;
  bool signedCodes;
  bool shifted; ///< sums of whole groups start at kMagicBits
  NormalisedRow row;
  ActivationRecord record;
};

} // namespace

} // namespace vec

void vectorize(phi::TilePrepareOp op, const VectorTarget &target) {
  OpBuilder b(op);
  vec::Prepare(b, op, target).emit();
  op.erase();
}

} // namespace phidias
