#pragma once
/// Codes of a weight as fragments of a matrix product, and what they are multiplied with.
///
/// mma.m16n8k32 (PTX ISA, "Matrix Fragments for mma.m16n8k32"): lane 4g + t has of A, 16 x 32, the
/// columns 4t .. of rows g and g + 8 and the columns 16 + 4t .. of both; of B, 32 x 8, the rows 4t
/// .. and 16 + 4t .. of column g; of C, 16 x 8, the columns 2t, 2t + 1 of rows g and g + 8.
///
/// A lane's 16 bytes of codes are 4 rows of one line of a panel. They become A as they are, without
/// an exchange: row g of A is row 4 (g % 4) of the panel, columns of half h = g / 4 of the step, so
/// that columns of two groups stand below each other. B has a column for each token and half,
/// 2 * token + half; of C a lane uses the column that has its half, token t's. The other half of
/// the products is of no use, and the tensor cores have time for it.

#include "targets/cuda/Halves.h"
#include "targets/cuda/LinearFewPanels.h"

namespace phidias::cuda {

/// Where a lane stands.
struct FewLane {
  explicit FewLane(const FewTile &tile);
  mlir::Value g, t;
  mlir::Value quad;     ///< of rows: 4 * quad ..
  mlir::Value half;     ///< of the step
  mlir::Value inSecond; ///< i1: half is 1
};

/// A lane's codes of one panel and step, unsigned bytes.
struct FewQuads {
  mlir::Value low[4], high[4]; ///< i32, [row]: 4 columns of the group's first and second half
};

class FewCodes {
public:
  FewCodes(const FewTile &tile, const FewLane &lane);

  llvm::SmallVector<Piece> pieces() const;
  FewQuads unpack(mlir::ValueRange pieces) const;
  /// f32, [row].
  vec::Values scales(mlir::ValueRange pieces) const;
  vec::Values minima(mlir::ValueRange pieces) const;
  /// i32, of the 16 columns `side` of the half; 6 bits alone.
  vec::Values smallScales(mlir::ValueRange pieces, int64_t side) const;

  phi::QuantizedType type;

private:
  FewQuads nibbles(mlir::Value words) const;
  FewQuads lookUp(mlir::Value words) const;
  void addHighBits(mlir::Value mine, FewQuads &quads) const;
  /// What the lane of the same four that has t = `from` has.
  mlir::Value ofLane(mlir::Value word, int64_t from) const;

  const FewTile &tile;
  const Block &e;
  const FewLane &lane;
};

} // namespace phidias::cuda
