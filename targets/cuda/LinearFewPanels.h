#pragma once
/// How a format's panels are multiplied with few tokens.

#include "targets/cuda/LinearFewTile.h"
#include <memory>

namespace phidias::cuda {

/// What a lane reads of a unit in one go, from byte `offset` (an index) of it on.
struct Piece {
  mlir::Type type; ///< of 4, 8 or 16 bytes
  mlir::Value offset;
};

/// Where the sums that warps leave for a panel lie: [split][token][16] f32 as vectors of 4 rows, of
/// which pairs are swapped for tokens whose number has the bit 2: so eight neighbouring lanes, two
/// quads of four tokens, lie in all banks. A split is what one lane or more of one warp added up.
struct Partial {
  mlir::Value quads; ///< memref<?xvector<4xf32>>, shared
  mlir::Value first; ///< quad of the panel's first
  mlir::Value part;  ///< of the panel that this warp has
  int64_t tokens;

  void store(const Block &e, mlir::Value sums, mlir::Value split, mlir::Value token,
             mlir::Value quad) const;
};
/// The row of a token's sums that lies at place `place` of its 16, and the other way round.
mlir::Value partialRow(const Block &e, mlir::Value token, mlir::Value place);

class FewPanels {
public:
  virtual ~FewPanels() = default;

  /// Bytes of a unit; a step of the panel is a whole number of them.
  virtual int64_t unitBytes() const = 0;
  /// Splits that a warp leaves.
  virtual int64_t splits() const = 0;
  virtual llvm::SmallVector<Piece> pieces() const = 0;

  /// Bytes of shared memory that the activations take, all columns of all tokens.
  virtual int64_t stagedBytes() const = 0;
  /// Begins to bring the activations to shared memory from byte `start` on; and ends it, before a
  /// barrier. What was begun between both may be under way still: `groups` of copies.
  virtual void beginStage(int64_t start) = 0;
  virtual void endStage(int64_t groups) = 0;

  /// f32 sums of a lane for one panel.
  virtual int64_t sums() const = 0;
  /// Adds unit `unit` of some panels to their sums; `pieces`: [panel][piece].
  virtual void multiply(mlir::ValueRange pieces, mlir::Value unit,
                        llvm::MutableArrayRef<mlir::Value> sums) = 0;
  virtual void leave(mlir::ValueRange sums, const Partial &partial) const = 0;
};

std::unique_ptr<FewPanels> fewCodes(const FewTile &tile);
std::unique_ptr<FewPanels> fewBf16(const FewTile &tile);
std::unique_ptr<FewPanels> fewFloats(const FewTile &tile);

} // namespace phidias::cuda
