#pragma once
/// A tile of a long pass: 4 panels by some tokens; blocks have as much to do as each other where
/// tiles are many, also of few panels. Columns go through shared memory in chunks of
/// 64, a step of the panels; all of it becomes 16-bit elements there, and the tensor cores
/// multiply. Each warp has all panels of the tile and a share of its tokens, so that panels of
/// codes are unpacked once for all tokens.
///
///     shared memory  [stage] of panels, 2048 bytes each, then rows of 64 columns, one for each
///                    token; then of wide rows f32 [token], what they were divided by
///     a token's row  eight units of 16 bytes; unit u lies at u ^ (token % 8)
///
/// Rows 2g and 2g + 1 of a panel are rows g and g + 8 of an A fragment, so that what a lane needs
/// of both lies side by side; of f16, whose columns lie one after the other, rows g and g + 8.

#include "dialects/phi/Activations.h"
#include "dialects/phi/Panel.h"
#include "dialects/phi/PhiDialect.h"
#include "targets/cuda/Block.h"
#include "targets/cuda/LinearTiles.h"
#include <memory>

namespace phidias::cuda {

inline constexpr int64_t kUnitBytes = 16; ///< what one thread loads, stores or copies
inline constexpr int64_t kRowUnits = 8;   ///< of a token's 64 columns
inline constexpr int64_t kRowBytes = kRowUnits * kUnitBytes;
inline constexpr int64_t kFragmentColumns = 16, kFragmentBytes = 512;
inline constexpr int64_t kFragments = phi::kStepColumns / kFragmentColumns; ///< of a panel's step
inline constexpr int64_t kPanelBytes = kFragments * kFragmentBytes;
inline constexpr int64_t kSharedBytes = 96 << 10; ///< at most

/// A chunk, counted from 0; and which stage it is in, where that is known: in loops that are
/// unrolled.
struct ManyChunk {
  mlir::Value number;
  std::optional<int64_t> stage;
};

struct ManyTile {
  /// `blocks`: of 8 tokens, of each warp.
  ManyTile(const Block &e, phi::TileLinearOp op, int64_t blocks);
  /// Of the same panels and tokens.
  ManyTile(const ManyTile &other, const Block &e) : ManyTile(e, other.op, other.blocks) {
    panel = e.opaque(other.panel), token = e.opaque(other.token);
  }

  const Block &e;
  mutable phi::TileLinearOp op; ///< accessors of ops are not const
  int64_t blocks;
  phi::StepLayout step;
  phi::ActivationLayout acts;
  int64_t steps;      ///< of a panel
  mlir::Type element; ///< f16 or bf16, of what is multiplied

  static constexpr int64_t kSlots = 4; ///< panels; gated: every second is of the rows' second half
  mlir::Value panel, token;            ///< the first of the tile

  int64_t tokens() const { return 8 * kWarps * blocks; }
  /// A step of the panels is one chunk for each part of the tokens' values.
  int64_t parts() const { return acts.wideParts; }
  int64_t chunks() const { return steps * parts(); }
  static constexpr int64_t panelsBytes() { return kSlots * kPanelBytes; } ///< of a stage
  int64_t stageBytes() const { return panelsBytes() + tokens() * kRowBytes; }
  /// As many as fit, 4 at most.
  int64_t stages() const;
  /// Where things start after the stages, in bytes; and the end.
  int64_t factorsAt() const { return stages() * stageBytes(); }
  int64_t sharedBytes() const;
  /// The first byte of the stage of the chunk that comes `later`.
  mlir::Value stage(const ManyChunk &chunk, int64_t later = 0) const;
  /// Chunks in one turn of the loop: whole rounds of the stages, so that a chunk's place is a
  /// constant; or more, for addresses and counters.
  int64_t unrolled() const;

  int64_t results() const { return op.getGated() ? kSlots / 2 : kSlots; } ///< panels of them
  LinearTiles tiles() const { return {e, op, results(), tokens()}; }
  /// Tile `number` of all.
  void enter(mlir::Value number);
  /// Whether the two rows of a panel that a lane has sums of lie side by side.
  bool pairsRows() const { return !op.getElement().isF16(); }
  /// The panel of the result in a slot, also one beyond the last.
  mlir::Value resultPanel(mlir::Value slot) const;
  /// The byte of the weights where the panel in `slot` starts; a tile that goes beyond the rows
  /// repeats their last panel.
  mlir::Value panelStart(mlir::Value slot) const;
  /// Where the record of a token of the tile starts; of one beyond the pass, that of the last.
  mlir::Value record(mlir::Value tokenOfTile) const;
  /// Token `which` (0 .. 7) of block `block` of this thread's warp, of the tile.
  mlir::Value blockToken(int64_t block, mlir::Value which) const;

  mlir::Value exclusiveOr(mlir::Value x, mlir::Value y) const;
  /// Shared memory from `byte` on, as elements of `type`.
  mlir::Value shared(mlir::Type type, mlir::Value byte) const;
};

/// How weights and activations of a format get to shared memory and from there to fragments.
class ManyOperands {
public:
  explicit ManyOperands(const ManyTile &tile) : t(tile), e(tile.e) {}
  virtual ~ManyOperands() = default;

  /// Finds out where the thread copies from.
  virtual void enter() = 0;
  /// Before the first chunk; what is carried from chunk to chunk.
  virtual vec::Values begin() const = 0;
  /// Before the barrier after which all threads may read the chunk.
  virtual void arrive() const {}
  /// After that barrier: gets on with the chunks that follow.
  virtual vec::Values advance(const ManyChunk &chunk, mlir::ValueRange carried) const = 0;
  /// Whether fragments of a chunk's second half are to be loaded after the first one's products:
  /// all in flight at once take registers that callers then lack. A barrier of the warp keeps
  /// compilers from moving loads up.
  virtual bool splitsLoads() const { return false; }
  /// Columns 16 * part on of the panel in `slot`: an A fragment. `stage`: its first byte.
  virtual vec::Values fragment(mlir::Value stage, int64_t slot, int64_t part) const = 0;
  /// What was multiplied → the product.
  virtual mlir::Value finish(mlir::Value sum, mlir::Value tokenOfTile) const {
    (void)tokenOfTile;
    return sum;
  }

protected:
  const ManyTile &t;
  const Block &e;
};

std::unique_ptr<ManyOperands> codeOperands(const ManyTile &tile);
std::unique_ptr<ManyOperands> bf16Operands(const ManyTile &tile);
std::unique_ptr<ManyOperands> f16Operands(const ManyTile &tile);

/// Brings the tokens' factors, of wide rows, to shared memory; and of a token, what threads brought
/// before the last barrier.
void bringFactors(const ManyTile &tile);
mlir::Value factorOf(const ManyTile &tile, mlir::Value tokenOfTile);

/// acc + the products of the chunk in `stage`; acc: [slot][block][4] f32, C fragments.
void multiplyChunk(const ManyTile &tile, const ManyOperands &operands, mlir::Value stage,
                   llvm::MutableArrayRef<mlir::Value> acc);
/// Writes what the tile's sums make.
void storeTile(const ManyTile &tile, const ManyOperands &operands, mlir::ValueRange acc);

/// LinearEpilogue.h.
void storeResult(const Block &e, phi::TileLinearOp op, mlir::Value row, mlir::Value token,
                 mlir::Value acc, mlir::Value up);
void storeTwoResults(const Block &e, phi::TileLinearOp op, mlir::Value row, mlir::Value token,
                     mlir::ValueRange accs, mlir::ValueRange ups);

/// f32 weights, by multiply-adds.
void mapManyPlain(const Block &e, phi::TileLinearOp op);

} // namespace phidias::cuda
