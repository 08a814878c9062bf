#pragma once
/// A long pass on sm_90: tiles of 8 panels by up to 192 tokens. Chunks of 64 columns come to shared
/// memory by bulk copies of the weights' and the records' own bytes, several under way, which
/// mbarriers count; two warpgroups multiply, each its four panels with all tokens of the tile, the
/// weights in registers, the tokens from shared memory. The first warp starts the copies as well.
/// Codes are loaded from the weights themselves and unpacked to registers.
///
///     stage       [tokens / 8] tiles of records (Records.h), then, but of codes, [8] panels
///     panel       its chunk's 2 KB in two halves of 32 columns, some bytes between them. bf16 has
///                 lines of 64 bytes, halves 32 bytes apart: lines 16 (t / 2) + 4 i + 2 h + t % 2
///                 are what lane 4g + t takes for columns 8h + 2t of the i-th product, and lie in
///                 different banks for all t. f16 has columns of 32 bytes, halves 16 bytes apart:
///                 columns 8i + 4h .. of both are an 8 x 8 matrix of ldmatrix
///     after them  mbarriers: [stage] full, then [stage] empty
///
/// A warp has a panel, but of f16 its rows 2g and 2g + 1 as rows g and g + 8 of A; of gated weights
/// half of a panel and half of that of the rows' second half, as rows g and g + 8.

#include "dialects/phi/Activations.h"
#include "dialects/phi/Panel.h"
#include "dialects/phi/PhiDialect.h"
#include "targets/cuda/LinearTiles.h"
#include "targets/cuda/Records.h"
#include "targets/cuda/Warpgroup.h"
#include <memory>

namespace phidias::cuda {

struct WgmmaTile {
  WgmmaTile(const Block &e, phi::TileLinearOp op, int64_t tokens);

  const Block &e;
  mutable phi::TileLinearOp op; ///< accessors of ops are not const
  int64_t tokens;               ///< of a tile
  phi::StepLayout step;
  phi::ActivationLayout acts;
  int64_t steps;            ///< of a panel
  mlir::Value first, tiles; ///< the block's share of the tiles

  static constexpr int64_t kPanels = kWarps;                                 ///< of a tile
  static constexpr int64_t kHalfBytes = phi::kStepColumns * phi::kPanelRows; ///< of a chunk

  mlir::Type element() const; ///< of what is multiplied, f16 or bf16
  bool copiesPanels() const { return !llvm::isa<phi::QuantizedType>(op.getElement()); }
  /// Whether a lane's two rows of a panel lie side by side.
  bool pairsRows() const { return !op.getElement().isF16(); }
  int64_t halfApart() const { return kHalfBytes + (element().isF16() ? 16 : 32); }
  int64_t panelApart() const { return 2 * halfApart(); }
  /// A step of the panels is one chunk for each part of the tokens' values (WideRow.h).
  int64_t chunks() const { return steps * acts.wideParts; }                 ///< of a tile
  int64_t results() const { return op.getGated() ? kPanels / 2 : kPanels; } ///< panels of them
  LinearTiles all() const { return {e, op, results(), tokens}; }
  int64_t panels() const { return all().panels(); }             ///< of the result
  int64_t tokenBytes() const { return tokens * kTileRowBytes; } ///< of a stage
  int64_t stageBytes() const;
  int64_t stages() const; ///< a power of two
  int64_t barriersAt() const { return stages() * stageBytes(); }
  int64_t sharedBytes() const { return barriersAt() + 16 * stages(); }
  int64_t copiedBytes() const { ///< of a chunk
    return tokenBytes() + (copiesPanels() ? 2 * kPanels * kHalfBytes : 0);
  }

  // Of the chunk with this number, counted from 0 over all tiles.
  mlir::Value stage(mlir::Value chunk) const; ///< its first byte
  mlir::Value full(mlir::Value chunk) const;  ///< its mbarriers
  mlir::Value empty(mlir::Value chunk) const;
  mlir::Value parity(mlir::Value chunk) const; ///< i32, of their phase

  /// Of the share's tile with this number: its first panel of the result, and its first token.
  mlir::Value firstPanel(mlir::Value tile) const;
  mlir::Value firstToken(mlir::Value tile) const;
};

// LinearWgmmaRing.cpp
void openRing(const WgmmaTile &t);
void closeRing(const WgmmaTile &t);
/// Where a lane's copies of a tile's first chunk are from.
struct WgmmaSource {
  mlir::Value panel, tokens;
};
WgmmaSource sourceOf(const WgmmaTile &t, mlir::Value tile);
/// The first warp: copies of the chunk, once its stage is empty; none beyond the last tile. It is
/// the step-th of the tile that `source` is of.
void copyChunk(const WgmmaTile &t, mlir::Value chunk, const WgmmaSource &source, mlir::Value step);
/// This warp has read all of the chunk.
void leaveChunk(const WgmmaTile &t, mlir::Value chunk);

inline constexpr int64_t kProducts = kTileColumns / 16;  ///< of a chunk
inline constexpr int64_t kHalfWords = 4 * kProducts / 2; ///< A of half of them, i32

/// How weights of a format get to A.
class WgmmaWeights {
public:
  explicit WgmmaWeights(const WgmmaTile &tile) : t(tile) {}
  virtual ~WgmmaWeights() = default;

  virtual void enter(mlir::Value tile) = 0;
  /// Once the tile's first chunk is there: what is carried from chunk to chunk, first A of the
  /// chunk's first half.
  virtual vec::Values begin() = 0;
  /// A of the second half of chunk i.
  virtual vec::Values second(mlir::Value i, mlir::ValueRange carried) = 0;
  /// After that, and once chunk i + 1 is there: what is carried to it.
  virtual vec::Values following(mlir::Value i, mlir::ValueRange carried) = 0;

protected:
  const WgmmaTile &t;
};

std::unique_ptr<WgmmaWeights> sharedWeights(const WgmmaTile &tile); ///< bf16 and f16
std::unique_ptr<WgmmaWeights> codeWeights(const WgmmaTile &tile);   ///< of any kind

/// LinearWgmmaStore.cpp: what becomes of a tile's sums, as multiplyGroup leaves them.
void storeTile(const WgmmaTile &t, mlir::Value tile, mlir::ValueRange acc);

/// phi.tile_linear of what byWgmma() says, all tokens by the panels [from, to).
void mapManyWgmma(const vec::Emitter &e, phi::TileLinearOp op);

} // namespace phidias::cuda
