#pragma once
/// How a format's panels are multiplied. One class for codes, one for floats; the loops around them
/// are the same (FewTokens.cpp, ManyTokens.cpp), and so is the order of the additions: a result
/// does not depend on how many tokens are in a pass.

#include "Context.h"
#include <memory>

namespace phidias::vec {

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
  /// Writes one step (first byte `start`) of panel `panel` (0 .. panels of the tile) to the
  /// scratch; `index` counts the steps of the chunk.
  virtual void unpackStep(mlir::Value start, mlir::Value index, int64_t panel) const = 0;
  /// Adds group `group` of the chunk, which starts at column `column`, for all panels and tokens of
  /// the tile: acc[panel * tokens + token].
  virtual void multiplyGroup(mlir::Value group, mlir::Value column, mlir::ValueRange records,
                             llvm::MutableArrayRef<mlir::Value> acc) const = 0;
};

std::unique_ptr<Panels> integerPanels(const LinearContext &c);
std::unique_ptr<Panels> floatPanels(const LinearContext &c);

/// Bytes of the unpacked form of one panel for a chunk of the schedule.
int64_t unpackedBytes(phi::TileLinearOp op);

/// Multiplies the tokens [first, first + tokens), of which those below `count` are written.
void emitFewTokens(const LinearContext &c, const Panels &panels, mlir::Value first, int64_t tokens);
/// For passes of any length, in tiles of schedule.panels by schedule.tokens.
void emitManyTokens(const LinearContext &c, const Panels &panels);

/// Writes what the accumulators of one panel (gated: of a gate's and of an up's) make for `token`.
void emitEpilogue(const LinearContext &c, mlir::Value panel, mlir::Value token,
                  mlir::ValueRange acc);

} // namespace phidias::vec
