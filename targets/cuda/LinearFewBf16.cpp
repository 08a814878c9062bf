// bf16 times bf16 by the tensor cores. The columns of a unit are added up apart before they join
// the rest, which keeps the error small.

#include "targets/cuda/LinearFewMatrix.h"
#include "targets/cuda/LinearFewStage.h"

using namespace mlir;

namespace phidias::cuda {
namespace {

constexpr int64_t kUnitColumns = 32;
constexpr int64_t kLoadColumns = 16; ///< that a warp's load has of 16 rows

/// A unit is two loads of a warp: 8 lines each, of 2 columns. Lane 4g + t has 4 rows of line
/// 4 * half + t of both, so that half h of a load's columns stands in rows 4h .. of A.
class Bf16Panels : public FewPanels {
public:
  explicit Bf16Panels(const FewTile &tile)
      : tile(tile), e(tile.e), lane(tile), records(tile),
        sets(std::max<int64_t>(1, tile.tokens / 4)) {}

  int64_t unitBytes() const override { return kUnitColumns * phi::kPanelRows * 2; }
  int64_t splits() const override { return 2; }
  int64_t stagedBytes() const override { return records.stagedBytes(); }
  void beginStage(int64_t start) override { records.beginStage(start); }
  void endStage(int64_t groups) override { records.endStage(groups); }
  int64_t sums() const override { return 4 * sets; }

  SmallVector<Piece> pieces() const override {
    Value line = e.add(e.mul(lane.half, 4), lane.t);
    Value own = e.add(e.mul(line, phi::kLineBytes), e.mul(lane.quad, kPieceBytes));
    Type words = e.vector(4, e.b.getI32Type());
    return {{words, own}, {words, e.add(own, unitBytes() / 2)}};
  }

  void multiply(ValueRange pieces, Value unit, MutableArrayRef<Value> sums) override {
    for (int64_t set = 0; set < sets; ++set) {
      vec::Values values = valuesOf(unit, set);
      for (int64_t panel = 0; panel < tile.width; ++panel)
        multiplyPanel(pieces.slice(2 * panel, 2), values, sums.slice((panel * sets + set) * 4, 4));
    }
  }

  void leave(ValueRange sums, const Partial &partial) const override {
    leaveHalves(tile, lane, sums, partial);
  }

private:
  /// B: of token g / 2 of the set and half g % 2 of each load's columns.
  vec::Values valuesOf(Value unit, int64_t set) const {
    Value token = e.div(lane.g, 2);
    token = tile.tokens >= 4 ? e.add(token, 4 * set) : e.min(token, e.index(tile.tokens - 1));
    Value word = e.add(e.mul(unit, kUnitColumns / 2), e.add(e.mul(e.rem(lane.g, 2), 4), lane.t));
    Type type = e.b.getI32Type();
    return {records.load(type, token, word),
            records.load(type, token, e.add(word, kLoadColumns / 2))};
  }

  void multiplyPanel(ValueRange pieces, ValueRange values, MutableArrayRef<Value> sums) const {
    for (int64_t row = 0; row < 4; row += 2) {
      vec::Values a;
      for (Value piece : pieces)
        a.append({tile.at(piece, row), tile.at(piece, row + 1)});
      for (auto [i, sum] : llvm::enumerate(pickHalf(tile, lane, multiplyBf16(e, a, values))))
        sums[row + i] = e.addf(sums[row + i], sum);
    }
  }

  const FewTile &tile;
  const Block &e;
  FewLane lane;
  FewRecords records;
  int64_t sets; ///< of 4 tokens
};

} // namespace

std::unique_ptr<FewPanels> fewBf16(const FewTile &tile) {
  return std::make_unique<Bf16Panels>(tile);
}

} // namespace phidias::cuda
