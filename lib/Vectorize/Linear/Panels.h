#pragma once
/// How a format's panels are multiplied. One class for codes, one for floats, and some for machines
/// that take a factor from a lane; the loops around them are the same (FewTokens.cpp,
/// ManyTokens.cpp), and so is the order of the additions: a result does not depend on how many
/// tokens are in a pass. But for int4: long passes multiply its codes on coarser scales
/// (Rescale.h).

#include "Context.h"
#include <memory>

namespace phidias::vec {

/// Where a vector of sums of a tile lies in the scratch: [token][panel][16].
struct SumPlace {
  int64_t panel, token;           ///< of the tile
  int64_t row = 0, rows = kLanes; ///< of the panel
};

class Panels {
public:
  virtual ~Panels() = default;

  /// For a pass of few tokens: adds step `step` of the panel that starts at `start`, times the
  /// tokens of `records`, to `acc`, one f32 vector a token. `start`: first byte of the step.
  virtual void multiplyStep(mlir::Value start, mlir::Value step, mlir::ValueRange records,
                            llvm::MutableArrayRef<mlir::Value> acc) const = 0;

  /// For a long pass: whether there is an unpacked form.
  virtual bool canUnpack() const { return true; }
  /// Columns that an unpacked group has: those between two additions to the f32 accumulators.
  virtual int64_t groupColumns() const = 0;
  /// Steps that are unpacked together; divides those of a chunk and of a panel.
  virtual int64_t unpackSteps() const { return 1; }
  /// Writes so many steps (first byte `start`) of panel `panel` (0 .. panels of the tile) to the
  /// scratch; `index` counts the steps of the chunk.
  virtual void unpackStep(mlir::Value start, mlir::Value index, int64_t panel) const = 0;
  /// A tile's parts: sums that are in registers at the same time. All of them, or where they do not
  /// fit one list for each part.
  virtual llvm::SmallVector<llvm::SmallVector<SumPlace>> parts() const = 0;
  /// Whether sums stay in registers from group to group.
  virtual bool keepsSums() const { return true; }
  /// Adds group `group` of the chunk, which starts at column `column`, to the sums of part `part`;
  /// `sums` is called where they are needed.
  using Sums = llvm::function_ref<llvm::MutableArrayRef<mlir::Value>()>;
  virtual void multiplyGroup(mlir::Value group, mlir::Value column, mlir::ValueRange records,
                             int64_t part, Sums sums) const = 0;
};

/// One part, acc[panel * tokens + token].
llvm::SmallVector<SumPlace> wholeTile(phi::ScheduleAttr schedule);
/// A part for each panel, acc[token].
llvm::SmallVector<llvm::SmallVector<SumPlace>> panelByPanel(phi::ScheduleAttr schedule);

std::unique_ptr<Panels> integerPanels(const LinearContext &c);
std::unique_ptr<Panels> floatPanels(const LinearContext &c);
/// Codes, on machines with value_lanes: vectors of 4 rows; long passes by phi.dot.
std::unique_ptr<Panels> lanePanels(const LinearContext &c);
/// The same, long passes by phi.dot_matrix.
std::unique_ptr<Panels> matrixPanels(const LinearContext &c);

/// Bytes of the unpacked form of one panel for a chunk of the schedule.
int64_t unpackedBytes(phi::TileLinearOp op, const VectorTarget &target);

/// Tokens of the widest kernel for few: as many as have their sums in registers.
inline int64_t mostOfFew(const VectorTarget &target) {
  return target.valueLanes ? 2 : target.smallLoops ? target.lanes / 2 : 8;
}

/// Multiplies the tokens [first, first + tokens), of which those below `count` are written.
void emitFewTokens(const LinearContext &c, const Panels &panels, mlir::Value first, int64_t tokens);
/// For passes of any length, in tiles of schedule.panels by schedule.tokens.
void emitManyTokens(const LinearContext &c, const Panels &panels);

/// Writes what the accumulators of one panel (gated: of a gate's and of an up's) make for `token`.
void emitEpilogue(const LinearContext &c, mlir::Value panel, mlir::Value token,
                  mlir::ValueRange acc);

} // namespace phidias::vec
