#pragma once
/// Weights on their way: each thread copies the pieces that it will multiply itself to shared
/// memory, `depth` units ahead, so that nobody waits for anybody. A slot of the ring is a unit of
/// each of the panels that are walked together:
///
///     [piece][slot][panel][thread] of the piece's type

#include "targets/cuda/LinearFewPanels.h"

namespace phidias::cuda {

class FewRing {
public:
  /// From byte `start` of the shared memory on.
  FewRing(const FewTile &tile, llvm::ArrayRef<Piece> pieces, int64_t start, int64_t depth);

  static int64_t slotBytes(const FewTile &tile, llvm::ArrayRef<Piece> pieces);

  /// Starts to copy the unit at byte `unit` of the weights (the first panel's), if that is below
  /// `end`, to slot `slot`; a group of copies in either case.
  void copy(mlir::Value unit, mlir::Value end, mlir::Value slot) const;
  /// Waits for the oldest group under way: [panel][piece] of slot `slot`.
  vec::Values take(mlir::Value slot) const;
  mlir::Value next(mlir::Value slot) const;
  int64_t depth() const { return slots; }

private:
  mlir::Value place(mlir::Value slot, int64_t panel) const;

  const FewTile &t;
  const Block &e;
  llvm::SmallVector<Piece> pieces;
  int64_t slots;
  vec::Values buffers, shared, global; ///< of each piece; addresses
  int64_t apart;                       ///< bytes from a panel to the one walked with it
};

/// Starts to copy `bytes` bytes between addresses, index.
void copyBytes(const Block &e, mlir::Value global, mlir::Value shared, int64_t bytes);
void commitGroup(const Block &e);
/// Until all but the last `groups` groups of this thread have come.
void waitForGroups(const Block &e, int64_t groups);
/// Of a memref.
mlir::Value addressOf(const Block &e, mlir::Value buffer);

} // namespace phidias::cuda
