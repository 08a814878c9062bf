// f32 weights by f32: multiply-adds. A thread has a row of a panel and every 16th token;
// the columns of a step are added up apart before they join the rest, which keeps the error small.

#include "targets/cuda/LinearManyTile.h"

using namespace mlir;

namespace phidias::cuda {
namespace {

constexpr int64_t kTokens = 4; ///< of a thread at a time
constexpr int64_t kApart = kBlockThreads / phi::kPanelRows;
constexpr int64_t kColumns = 4; ///< of a turn

class Plain {
public:
  Plain(const Block &e, phi::TileLinearOp op)
      : e(e), op(op), width(op.getElement().getIntOrFloatBitWidth() / 8),
        steps(llvm::divideCeil(op.getColumns(), phi::kStepColumns)),
        recordBytes(
            phi::activationLayout(op.getElement(), op.getActivation(), op.getColumns()).bytes),
        row(e.rem(e.thread, phi::kPanelRows)) {}

  void emit() const {
    e.loop(op.getFrom(), op.getTo(), 1, [&](Value panel) {
      e.loop(e.index(0), op.getCount(), kTokens * kApart, [&](Value first) {
        SmallVector<Value> tokens;
        for (int64_t i = 0; i < kTokens; ++i)
          tokens.push_back(e.add(e.add(first, e.div(e.thread, phi::kPanelRows)), i * kApart));
        emitTokens(panel, tokens);
      });
    });
  }

private:
  void emitTokens(Value panel, ArrayRef<Value> tokens) const {
    vec::Values sums = products(panel, tokens), ups(tokens.size());
    if (op.getGated())
      ups = products(e.add(panel, op.getRows() / 2 / phi::kPanelRows), tokens);
    Value own = e.add(e.mul(panel, phi::kPanelRows), row);
    for (auto [token, sum, up] : llvm::zip_equal(tokens, sums, ups))
      e.when(e.less(token, op.getCount()),
             [&, token = token, sum = sum, up = up] { storeResult(e, op, own, token, sum, up); });
  }

  vec::Values products(Value panel, ArrayRef<Value> tokens) const {
    Value start =
        e.add(op.getOffset(), e.mul(panel, steps * phi::kStepColumns * phi::kPanelRows * width));
    vec::Values records, zeros(tokens.size(), e.f32(0));
    Value last = e.sub(op.getCount(), e.index(1));
    for (Value token : tokens)
      records.push_back(e.mul(e.min(token, last), recordBytes));
    return e.loop(e.index(0), e.index(steps), 1, zeros, [&](Value step, ValueRange carried) {
      Value column = e.mul(step, phi::kStepColumns), end = e.add(column, phi::kStepColumns);
      vec::Values apart = e.loop(column, end, kColumns, zeros, [&](Value at, ValueRange sums) {
        return multiply(start, at, records, sums);
      });
      for (auto [sum, before] : llvm::zip_equal(apart, carried))
        sum = e.addf(sum, before);
      return apart;
    });
  }

  vec::Values multiply(Value start, Value column, ArrayRef<Value> records, ValueRange sums) const {
    vec::Values values, next(sums);
    for (Value record : records)
      values.push_back(e.loadAligned(e.floats(kColumns), op.getActivations(),
                                     e.add(record, e.mul(column, sizeof(float)))));
    for (int64_t i = 0; i < kColumns; ++i) {
      Value at = e.add(e.mul(e.add(column, i), phi::kPanelRows), row);
      Value weight =
          e.toF32(e.loadAligned(op.getElement(), op.getWeights(), e.add(start, e.mul(at, width))));
      for (auto [value, sum] : llvm::zip_equal(values, next))
        sum = e.fma(weight, vector::ExtractOp::create(e.b, e.loc, value, i), sum);
    }
    return next;
  }

  const Block &e;
  mutable phi::TileLinearOp op; ///< accessors of ops are not const
  int64_t width, steps, recordBytes;
  Value row;
};

} // namespace

void mapManyPlain(const Block &e, phi::TileLinearOp op) { Plain(e, op).emit(); }

} // namespace phidias::cuda
