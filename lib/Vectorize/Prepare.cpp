// phi.tile_prepare: norm, then the form that the dot products read.

#include "Linear/LaneGroup.h"
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
constexpr int64_t kGroup = 32; ///< columns that share a scale
constexpr int64_t kBlock = 8;  ///< columns of a token that lie together in a pair's record

class Prepare {
public:
  Prepare(OpBuilder &b, phi::TilePrepareOp op, const VectorTarget &target)
      : op(op), e{b, op.getLoc()}, element(op.getWeight().getElementType()),
        acts(phi::activationLayout(element, op.getActivation(), op.getColumns(), target.matrix)),
        columns(op.getColumns()), block(acts.block), signedCodes(target.signedFor(element)),
        shifted(target.valueLanes) {
    if (auto quantized = dyn_cast<phi::QuantizedType>(element))
      rotated = quantized.getRotated();
    if (op.getNorm())
      norm = e.view(op.getWeights(), op.getNorm(), MemRefType::get(columns, e.b.getF32Type()));
  }

  void emit() {
    e.loop(op.getFrom(), op.getTo(), 1, [&](Value token) {
      row = e.add(op.getFirst(), token);
      findRecord(token);
      if (norm)
        factor = e.splat(kLanes, inverseRms());
      int64_t whole = columns / block * block;
      e.loop(e.index(0), e.index(whole), block, [&](Value k) { emitBlock(k, block); });
      for (int64_t k = whole; k < acts.padded; k += block)
        emitBlock(e.index(k), std::max<int64_t>(0, columns - k));
    });
  }

private:
  void findRecord(Value token) {
    if (!acts.pairs) {
      record = e.mul(token, acts.bytes);
      return;
    }
    record = e.mul(e.div(token, 2), 2 * acts.bytes);
    second = e.rem(token, 2);
  }

  /// 1 / sqrt(mean of squares + eps), summed in 64 lanes.
  Value inverseRms() {
    constexpr int64_t kSums = 4;
    int64_t whole = columns / (kSums * kLanes) * (kSums * kLanes);
    SmallVector<Value> zero(kSums, e.zeros(kLanes));
    Values sums =
        e.loop(e.index(0), e.index(whole), kSums * kLanes, zero, [&](Value k, ValueRange carried) {
          Values next;
          for (int64_t i = 0; i < kSums; ++i) {
            Value x = e.load(kLanes, op.getRows(), {row, e.add(k, i * kLanes)});
            next.push_back(e.fma(x, x, carried[i]));
          }
          return next;
        });
    for (int64_t k = whole; k < columns; k += kLanes) {
      Value x = loadPart(op.getRows(), {row}, e.index(k), columns - k);
      sums[0] = e.fma(x, x, sums[0]);
    }
    Value all = e.addf(e.addf(sums[0], sums[1]), e.addf(sums[2], sums[3]));
    Value mean = arith::DivFOp::create(e.b, e.loc, e.reduce(vector::CombiningKind::ADD, all),
                                       e.f32(static_cast<double>(columns)));
    Value root =
        math::SqrtOp::create(e.b, e.loc, e.addf(mean, e.f32(op.getEps()->convertToDouble())));
    return arith::DivFOp::create(e.b, e.loc, e.f32(1), root);
  }

  /// 16 elements, of which `left` are there and the others 0.
  Value loadPart(Value buffer, ArrayRef<Value> leading, Value k, int64_t left) {
    SmallVector<Value> at(leading);
    at.push_back(k);
    if (left >= kLanes)
      return e.load(kLanes, buffer, at);
    if (left <= 0)
      return e.zeros(kLanes);
    Value mask =
        vector::CreateMaskOp::create(e.b, e.loc, e.vector(kLanes, e.b.getI1Type()), e.index(left));
    return vector::MaskedLoadOp::create(e.b, e.loc, e.floats(kLanes), buffer, at, mask,
                                        e.zeros(kLanes));
  }

  /// 16 normalised elements from column k on.
  Value normalised(Value k, int64_t left) {
    Value x = loadPart(op.getRows(), {row}, k, left);
    if (!norm)
      return x;
    return e.mulf(e.mulf(x, factor), loadPart(norm, {}, k, left));
  }

  /// 32 elements from column k on, of which `left` are there.
  std::pair<Value, Value> group(Value k, int64_t left) {
    Value low = normalised(k, left), high = normalised(e.add(k, kLanes), left - kLanes);
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
      storeWord(negated(sum, phi::dotZero(element, signedCodes)), e.div(k, block), acts.blockSums);
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
      storeFloats(part, e.add(k, i * kLanes));
  }

  void storeFloats(Value part, Value k) {
    int64_t width = op.getActivation().getIntOrFloatBitWidth() / 8;
    if (width == 2)
      part = arith::TruncFOp::create(e.b, e.loc, e.vector(kLanes, e.b.getBF16Type()), part);
    storeBytes(part, kLanes * width, e.mul(k, width));
  }

  void storeBytes(Value lanes, int64_t bytes, Value at) {
    if (bytes != kLanes || !getElementTypeOrSelf(lanes).isInteger(8))
      lanes = vector::BitCastOp::create(e.b, e.loc, e.vector(bytes, e.b.getI8Type()), lanes);
    e.store(lanes, op.getActivations(), e.add(record, at));
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
      storeCodes(arith::TruncIOp::create(e.b, e.loc, bytes, codes), e.add(k, i * kLanes));
    }
    storeWord(scale, group, acts.scales);
    storeSums(group, scale, sums[0], sums[1]);
    return arith::AddIOp::create(e.b, e.loc, sums[0], sums[1]);
  }

  Value codesOf(Value part, Value inverse) {
    Value scaled = e.mulf(part, e.splat(kLanes, inverse));
    Value rounded = math::RoundEvenOp::create(e.b, e.loc, scaled);
    return arith::FPToSIOp::create(e.b, e.loc, e.vector(kLanes, e.b.getI32Type()), rounded);
  }

  /// 16 codes from column k on.
  void storeCodes(Value codes, Value k) {
    if (!acts.pairs)
      return storeBytes(codes, kLanes, k);
    Value first = e.add(e.mul(k, 2), e.mul(second, kBlock));
    for (int64_t i = 0; i < kLanes; i += kBlock)
      e.store(vector::ExtractStridedSliceOp::create(e.b, e.loc, codes, i, kBlock, 1),
              op.getActivations(), e.add(record, e.add(first, 2 * i)));
  }

  /// A group's word in the part of the record that starts at `part`.
  void storeWord(Value word, Value group, int64_t part) {
    Value first = acts.pairs ? e.add(e.mul(group, 4), second) : group;
    for (int64_t copy = 0; copy < (acts.pairs ? 2 : 1); ++copy) {
      Value number = copy == 0 ? first : e.add(first, 2);
      Value at = e.add(e.mul(number, sizeof(float)), part);
      Value one = vector::BroadcastOp::create(e.b, e.loc, e.vector(1, word.getType()), word);
      storeBytes(one, sizeof(float), at);
    }
  }

  void storeSums(Value group, Value scale, Value low, Value high) {
    auto quantized = cast<phi::QuantizedType>(element);
    int64_t zero = phi::dotZero(element, signedCodes);
    if (acts.sumGroup == kGroup) {
      Value sum = arith::AddIOp::create(e.b, e.loc, low, high);
      Value word = quantized.getMinimum() ? scaledSum(scale, sum) : negated(sum, zero);
      if (shifted && !quantized.getMinimum())
        word = arith::AddIOp::create(e.b, e.loc, word, e.i32(kMagicBits));
      return storeWord(word, group, acts.sums);
    }
    for (auto [i, sum] : llvm::enumerate(ArrayRef<Value>{low, high}))
      storeWord(negated(sum, zero), e.add(e.mul(group, 2), i), acts.sums);
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
  Value norm, row, record, factor;
  Value second; ///< pairs: 1 for the second token of one
};

} // namespace

} // namespace vec

void vectorize(phi::TilePrepareOp op, const VectorTarget &target) {
  OpBuilder b(op);
  vec::Prepare(b, op, target).emit();
  op.erase();
}

} // namespace phidias
