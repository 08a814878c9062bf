// f16 and f32 weights, and bf16 ones with f32 activations: multiply-adds in f32. A lane has some
// rows of one column of a load; lanes with the same rows are added up at the end.

#include "targets/cuda/LinearFewStage.h"

using namespace mlir;

namespace phidias::cuda {
namespace {

constexpr int64_t kLoads = 2; ///< of a unit

class FloatPanels : public FewPanels {
public:
  explicit FloatPanels(const FewTile &tile)
      : tile(tile), e(tile.e), records(tile), width(tile.element.getIntOrFloatBitWidth() / 8),
        rows(tile.element.isF16() ? 8 : 4), lanesAColumn(phi::kPanelRows / rows) {
    column = e.div(e.lane, lanesAColumn);
    firstRow = e.mul(e.rem(e.lane, lanesAColumn), rows);
  }

  int64_t unitBytes() const override { return kLoads * kWarpThreads * kPieceBytes; }
  int64_t splits() const override { return 1; }
  int64_t stagedBytes() const override { return records.stagedBytes(); }
  void beginStage(int64_t start) override { records.beginStage(start); }
  void endStage(int64_t groups) override { records.endStage(groups); }
  int64_t sums() const override { return rows * tile.tokens; }

  SmallVector<Piece> pieces() const override {
    Type type = e.vector(kPieceBytes / width, tile.element);
    if (tile.element.isBF16())
      type = e.vector(kPieceBytes / 4, e.b.getI32Type());
    SmallVector<Piece> all;
    for (int64_t load = 0; load < kLoads; ++load)
      all.push_back({type, e.add(e.mul(e.lane, kPieceBytes), load * kWarpThreads * kPieceBytes)});
    return all;
  }

  void multiply(ValueRange pieces, Value unit, MutableArrayRef<Value> sums) override {
    for (int64_t load = 0; load < kLoads; ++load)
      for (int64_t i = 0; i < columnsALane(); ++i) {
        vec::Values factors = valuesOf(unit, load, i);
        for (int64_t panel = 0; panel < tile.width; ++panel)
          for (int64_t row = 0; row < rows; ++row) {
            Value weight = weightOf(pieces[panel * kLoads + load], row, i);
            for (auto [token, factor] : llvm::enumerate(factors)) {
              Value &sum = sums[(panel * tile.tokens + token) * rows + row];
              sum = e.fma(weight, factor, sum);
            }
          }
      }
  }

  /// Token by token: shuffles of all at once would take the registers that callers keep.
  void leave(ValueRange sums, const Partial &partial) const override {
    for (int64_t token = 0; token < tile.tokens; ++token) {
      vec::Values totals;
      for (Value sum : sums.slice(token * rows, rows))
        totals.push_back(e.sum(sum, kWarpThreads / lanesAColumn, lanesAColumn));
      e.when(tile.isZero(column), [&] {
        for (int64_t row = 0; row < rows; row += 4)
          store(ArrayRef(totals).slice(row, 4), token, row, partial);
      });
    }
  }

private:
  /// bf16 has two columns in a line.
  int64_t columnsALane() const { return tile.element.isBF16() ? 2 : 1; }
  int64_t columnsALoad() const { return kWarpThreads / lanesAColumn * columnsALane(); }

  vec::Values valuesOf(Value unit, int64_t load, int64_t i) const {
    Value own = e.add(e.mul(column, columnsALane()), load * columnsALoad() + i);
    Value word = e.add(e.mul(unit, kLoads * columnsALoad()), own);
    vec::Values all;
    for (int64_t token = 0; token < tile.tokens; ++token)
      all.push_back(records.load(e.b.getF32Type(), e.index(token), word));
    return all;
  }

  Value weightOf(Value piece, int64_t row, int64_t i) const {
    Value own = tile.at(piece, row);
    if (!tile.element.isBF16())
      return e.toF32(own);
    own = i ? tile.andBits(own, 0xffff0000) : tile.shiftLeft(own, 16);
    return arith::BitcastOp::create(e.b, e.loc, e.b.getF32Type(), own);
  }

  void store(ValueRange sums, int64_t token, int64_t row, const Partial &partial) const {
    Value quad = vector::FromElementsOp::create(e.b, e.loc, e.floats(4), sums);
    Value rows = e.add(e.div(firstRow, 4), row / 4);
    partial.store(e, quad, partial.part, e.index(token), rows);
  }

  const FewTile &tile;
  const Block &e;
  FewRecords records;
  int64_t width;        ///< bytes of an element
  int64_t rows;         ///< that a lane has
  int64_t lanesAColumn; ///< lanes that share a column, or a line
  Value column, firstRow;
};

} // namespace

std::unique_ptr<FewPanels> fewFloats(const FewTile &tile) {
  return std::make_unique<FloatPanels>(tile);
}

} // namespace phidias::cuda
