#include "targets/cuda/Norm.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {
namespace {

constexpr int64_t kSums = 4; ///< that a thread adds up side by side

/// Sums of squares over a thread's columns: thread, thread + kBlockThreads, ...
struct Squares {
  const Block &b;
  Value rows, row;
  int64_t columns = cast<MemRefType>(rows.getType()).getDimSize(1);

  Value add(Value sum, Value column) const {
    Value x = b.loadOne(rows, {row, column});
    return b.fma(x, x, sum);
  }

  /// At column k + thread, where there may be none.
  Value addRest(Value sum, int64_t k) const {
    Value column = b.add(b.thread, k);
    if (k + kBlockThreads <= columns)
      return add(sum, column);
    Value more = add(sum, b.min(column, b.index(columns - 1)));
    return arith::SelectOp::create(b.b, b.loc, b.less(column, b.index(columns)), more, sum);
  }

  Value sum() const {
    constexpr int64_t kTurn = kSums * kBlockThreads;
    int64_t whole = columns / kTurn * kTurn;
    Values sums(kSums, b.f32(0));
    if (whole > 0)
      sums = b.loop(b.index(0), b.index(whole), kTurn, sums, [&](Value k, ValueRange so) {
        Values next;
        for (int64_t i = 0; i < kSums; ++i)
          next.push_back(add(so[i], b.add(k, b.add(b.thread, i * kBlockThreads))));
        return next;
      });
    for (int64_t i = 0; whole + i * kBlockThreads < columns; ++i)
      sums[i] = addRest(sums[i], whole + i * kBlockThreads);
    return b.addf(b.addf(sums[0], sums[1]), b.addf(sums[2], sums[3]));
  }
};

} // namespace

Value squaresOf(const Block &b, Value rows, Value row) { return Squares{b, rows, row}.sum(); }

Value squaresOf(const Block &b, const Quads &quads) {
  Value sums[] = {b.f32(0), b.f32(0)};
  for (auto [i, quad] : llvm::enumerate(quads))
    for (Value x : quad.x) {
      // A quad that is not there has the last one's columns.
      Value used = quad.exists
                       ? arith::SelectOp::create(b.b, b.loc, quad.exists, x, b.f32(0)).getResult()
                       : x;
      sums[i % 2] = b.fma(used, used, sums[i % 2]);
    }
  return b.addf(sums[0], sums[1]);
}

Value inverseRms(const Block &b, Value squares, int64_t columns, double eps) {
  Value mean = arith::DivFOp::create(b.b, b.loc, b.blockSum(squares, /*at=*/0),
                                     b.f32(static_cast<double>(columns)));
  Value root = math::SqrtOp::create(b.b, b.loc, b.addf(mean, b.f32(eps)));
  return arith::DivFOp::create(b.b, b.loc, b.f32(1), root);
}

} // namespace phidias::cuda
