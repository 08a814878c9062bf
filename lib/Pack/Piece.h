#pragma once
/// Pieces of the weights file: what one thread makes at a time.

#include "MemberRows.h"
#include "dialects/phi/Panel.h"
#include "phidias/Pack/WriteWeights.h"

namespace phidias {

/// Some rows of a member, whole panels where it lies in panels.
struct Piece {
  phi::WeightOp weight;
  int64_t member;
  uint64_t offset; ///< in the data
  int64_t firstRow, rows;
};

/// All pieces of `module`, in the order in which they lie in the file.
std::vector<Piece> piecesOf(mlir::ModuleOp module);

/// Makes the bytes of `piece`. `roundings` may be null.
llvm::Error makePiece(const Piece &piece, const Checkpoint &checkpoint, RoundingOf roundings,
                      std::vector<uint8_t> &bytes);

} // namespace phidias
