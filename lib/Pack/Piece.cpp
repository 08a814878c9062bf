#include "Piece.h"

using namespace mlir;

namespace phidias {

constexpr int64_t kPieceBytes = 1 << 20;

/// Appends the pieces of one member; `unit` rows stay together.
static void appendPieces(phi::WeightOp weight, int64_t member, std::vector<Piece> &pieces) {
  phi::PackedAttr packed = *weight.getPacked();
  int64_t rows = weight.getTensorType().getDimSize(0);
  int64_t unit = packed.getPanels() ? phi::kPanelRows : 1, units = llvm::divideCeil(rows, unit);
  int64_t unitBytes = weight.getMemberBytes() / units;
  int64_t atOnce = std::max<int64_t>(1, kPieceBytes / unitBytes);
  int64_t offset = packed.getOffset() + member * packed.getStride();
  for (int64_t first = 0; first < units; first += atOnce) {
    int64_t count = std::min(atOnce, units - first);
    pieces.push_back({weight, member, static_cast<uint64_t>(offset + first * unitBytes),
                      first * unit, std::min(count * unit, rows - first * unit)});
  }
}

std::vector<Piece> piecesOf(ModuleOp module) {
  std::vector<Piece> pieces;
  for (auto weight : module.getOps<phi::WeightOp>())
    for (int64_t member = 0; member < weight.getMembers(); ++member)
      appendPieces(weight, member, pieces);
  llvm::sort(pieces, [](const Piece &a, const Piece &b) { return a.offset < b.offset; });
  return pieces;
}

} // namespace phidias
