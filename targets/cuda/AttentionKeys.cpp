#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "phidias/Vectorize/CacheRegion.h"
#include "targets/cuda/AttentionPanel.h"

using namespace mlir;
using phidias::vec::kGroup;
using phidias::vec::kPanel;
using phidias::vec::Values;

namespace phidias::cuda {
namespace {

/// codes = round(x * 127 / largest), a lane a channel of the warp's group.
void quantize(const Attend &a, const FewShape &shape, Value x, Value row, Value group) {
  const Block &e = a.e;
  Value largest = e.largest(math::AbsFOp::create(e.b, e.loc, x));
  Value inverse = arith::DivFOp::create(e.b, e.loc, e.f32(127), largest);
  Value positive =
      arith::CmpFOp::create(e.b, e.loc, arith::CmpFPredicate::OGT, largest, e.f32(1e-30));
  inverse = arith::SelectOp::create(e.b, e.loc, positive, inverse, e.f32(0));
  Value rounded = math::RoundEvenOp::create(e.b, e.loc, e.mulf(x, inverse));
  Value word = arith::FPToSIOp::create(e.b, e.loc, e.b.getI32Type(), rounded);
  Value code = arith::TruncIOp::create(e.b, e.loc, e.b.getI8Type(), word);
  Value codes = e.shared(shape.queries, {shape.rows, a.headDim}, e.b.getI8Type());
  e.storeOne(code, codes, {row, e.add(e.mul(group, kGroup), e.lane)});
  Value scales = e.shared(shape.queryScales, {shape.rows, a.groups()}, e.b.getF32Type());
  Value first = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq, e.lane, e.index(0));
  e.when(first, [&] { e.storeOne(e.mulf(largest, e.f32(1.0 / 127)), scales, {row, group}); });
}

/// The keys of a panel, of which a lane has some channels.
struct Keys {
  const Attend &a;
  const FewShape &shape;
  const AttendItem &item;
  Value panel;
  Value anew; ///< 0: queries are loaded for each panel, and take no registers from one to the next
  const Block &e = a.e;

  int64_t perLoad() const { return kWarpThreads / shape.sharing; } ///< channels, or words
  Value place() const { return e.mul(e.rem(e.lane, shape.sharing), shape.positions); }
  Value own(int64_t load) const { return e.add(e.div(e.lane, shape.sharing), load * perLoad()); }

  Value load(int64_t number) const {
    int64_t channels = a.isI8() ? a.headDim / 4 : a.headDim;
    Value channel = own(number);
    if ((number + 1) * perLoad() > channels)
      channel = e.min(channel, e.index(channels - 1));
    Value row = e.add(e.mul(panel, channels), channel);
    Value element = e.add(e.mul(row, kPanel), place());
    int64_t bytes = a.isI8() ? 4 : a.bytes();
    Type type = e.vector(shape.positions, a.isI8() ? e.b.getI32Type() : a.element);
    return e.loadAligned(type, a.op.getCache(), e.add(item.cache.keys, e.mul(element, bytes)));
  }

  Value addFloats(Value keys, int64_t number, int64_t row, Value sums) const {
    Value queries = e.shared(shape.queries, {shape.rows, shape.queryChannels(a)}, e.b.getF32Type());
    Value query = e.loadOne(queries, {e.index(row), e.add(own(number), anew)});
    return e.fma(e.toF32(keys), e.splat(shape.positions, query), sums);
  }

  /// Of a load's positions.
  Value keyScales(int64_t group) const {
    Value row = e.add(e.mul(panel, a.groups()), e.index(group));
    Value at = e.mul(e.add(e.mul(row, kPanel), place()), 2);
    Value scales = e.loadAligned(e.vector(shape.positions, e.b.getF16Type()), a.op.getCache(),
                                 e.add(item.cache.keyScales, at));
    return e.toF32(scales);
  }

  /// Words of a load are those of a group: eight of them.
  Value addCodes(Value keys, Value scales, int64_t group, int64_t row, Value sums) const {
    Value words = e.shared(shape.queries, {shape.rows, a.headDim / 4}, e.b.getI32Type());
    Value factors = e.shared(shape.queryScales, {shape.rows, a.groups()}, e.b.getF32Type());
    Value query = bytesOf(e.loadOne(words, {e.index(row), e.add(own(group), anew)}));
    Values products;
    for (int64_t p = 0; p < shape.positions; ++p)
      products.push_back(dot(bytesOf(vector::ExtractOp::create(e.b, e.loc, keys, p)), query));
    Value all = vector::FromElementsOp::create(
        e.b, e.loc, e.vector(shape.positions, e.b.getI32Type()), products);
    Value wide = arith::SIToFPOp::create(e.b, e.loc, e.floats(shape.positions), all);
    Value factor = e.splat(shape.positions, e.loadOne(factors, {e.index(row), e.index(group)}));
    return e.fma(e.mulf(wide, scales), factor, sums);
  }

  Value bytesOf(Value word) const {
    return LLVM::BitcastOp::create(e.b, e.loc, e.vector(4, e.b.getI8Type()), word);
  }

  Value dot(Value x, Value y) const {
    auto isSigned = NVVM::DotAccumulateType::SIGNED;
    return NVVM::DotAccumulate4WayOp::create(e.b, e.loc, e.b.getI32Type(), x, isSigned, y, isSigned,
                                             e.i32(0));
  }

  Values add(Value keys, int64_t number, Values sums) const {
    Value scales;
    if (a.isI8()) { // code + 128 becomes the code
      Value bias = e.splat(shape.positions, e.i32(static_cast<int32_t>(0x80808080)));
      keys = arith::XOrIOp::create(e.b, e.loc, keys, bias);
      scales = keyScales(number);
    }
    for (int64_t row = 0; row < shape.rows; ++row)
      sums[row] = a.isI8() ? addCodes(keys, scales, number, row, sums[row])
                           : addFloats(keys, number, row, sums[row]);
    return sums;
  }

  /// One of the positions of a load is left to each lane, of which the lanes that differ in the
  /// bits of `sharing` and above have parts.
  Value scatter(Value sums) const {
    Values parts;
    for (int64_t p = 0; p < shape.positions; ++p)
      parts.push_back(vector::ExtractOp::create(e.b, e.loc, sums, p));
    int64_t mask = shape.sharing;
    for (; parts.size() > 1; mask *= 2)
      parts = halve(parts, mask);
    for (; mask < kWarpThreads; mask *= 2)
      parts[0] = e.addf(parts[0], e.exchange(parts[0], mask));
    return parts[0];
  }

  /// Lanes with the bit keep the upper half.
  Values halve(ArrayRef<Value> parts, int64_t mask) const {
    Value bit = e.rem(e.div(e.lane, mask), 2);
    Value upper = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::ne, bit, e.index(0));
    size_t half = parts.size() / 2;
    Values kept;
    for (size_t i = 0; i < half; ++i) {
      Value low = parts[i], high = parts[half + i];
      Value given = arith::SelectOp::create(e.b, e.loc, upper, low, high);
      Value keep = arith::SelectOp::create(e.b, e.loc, upper, high, low);
      kept.push_back(e.addf(keep, e.exchange(given, mask)));
    }
    return kept;
  }
};

} // namespace

void leaveQueries(const Attend &a, const FewShape &shape, const AttendItem &item, Value row) {
  const Block &e = a.e;
  auto rowAt = [&](Value number) {
    return rowOf(a, item, e.min(e.add(row, number), e.sub(item.rows, e.index(1))));
  };
  if (a.isI8())
    return e.loop(e.warp, e.index(shape.rows * a.groups()), kWarps, [&](Value i) {
      Value number = e.div(i, a.groups()), group = e.rem(i, a.groups());
      Value x = query(a, rowAt(number), e.add(e.mul(group, kGroup), e.lane));
      quantize(a, shape, x, number, group);
    });
  int64_t channels = shape.queryChannels(a);
  Value queries = e.shared(shape.queries, {shape.rows, channels}, e.b.getF32Type());
  e.eachThread(e.index(0), e.index(shape.rows * channels), [&](Value i) {
    Value number = e.div(i, channels), channel = e.rem(i, channels);
    Value x = query(a, rowAt(number), e.min(channel, e.index(a.headDim - 1)));
    Value exists = e.less(channel, e.index(a.headDim));
    x = arith::SelectOp::create(e.b, e.loc, exists, x, e.f32(0));
    e.storeOne(x, queries, {number, channel});
  });
}

/// What bit `bit` of a lane's number adds to its position.
static int64_t positionOfBit(const FewShape &shape, int64_t bit) {
  int64_t lane = 1 << bit;
  if (lane < shape.sharing)
    return lane * shape.positions;
  return shape.positions / 2 / (lane / shape.sharing);
}

Value lanePosition(const Attend &a, const FewShape &shape) {
  const Block &e = a.e;
  Value position = e.index(0);
  for (int64_t bit = 0; bit < 4; ++bit)
    position = e.add(position, e.mul(e.rem(e.div(e.lane, 1 << bit), 2), positionOfBit(shape, bit)));
  return position;
}

Value laneOf(const Attend &a, const FewShape &shape, Value position) {
  const Block &e = a.e;
  Value lane = e.index(0);
  for (int64_t bit = 0; bit < 4; ++bit)
    lane = e.add(lane, e.mul(e.rem(e.div(position, positionOfBit(shape, bit)), 2), 1 << bit));
  return lane;
}

Values scorePanel(const Attend &a, const FewShape &shape, const AttendItem &item, Value panel) {
  const Block &e = a.e;
  Keys keys{a, shape, item, panel, e.opaque(e.index(0))};
  Values loaded, sums(shape.rows, e.zeros(shape.positions));
  for (int64_t i = 0; i < shape.keyLoads; ++i)
    loaded.push_back(keys.load(i));
  for (auto [number, some] : llvm::enumerate(loaded))
    sums = keys.add(some, static_cast<int64_t>(number), sums);
  for (Value &sum : sums)
    sum = keys.scatter(sum);
  return sums;
}

} // namespace phidias::cuda
