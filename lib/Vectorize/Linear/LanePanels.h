#pragma once
/// Codes times i8 on machines that take a factor from a lane of a register. Vectors of 4 rows. In
/// f32 a group is acc + (dots * scale) * activation scale, + minimum * sum.

#include "LaneGroup.h"
#include "LaneValues.h"
#include "Panels.h"

namespace phidias::vec {

class BlockScale;

class LanePanels : public Panels {
public:
  explicit LanePanels(const LinearContext &c)
      : c(c), e(c.e), codes(c), type(codes.type), values{c} {}

  // LanePanels.cpp: few tokens
  void multiplyStep(mlir::Value start, mlir::Value step, mlir::ValueRange records,
                    llvm::MutableArrayRef<mlir::Value> acc) const override;

  // LaneUnpack.cpp: the unpacked form of a long pass. Where zero is not 0 after the subtraction
  // there, codes do not fit 8 bits, signed.
  bool canUnpack() const override;
  int64_t groupColumns() const override { return c.block; }
  bool keepsSums() const override { return c.block == 32; }
  int64_t unpackSteps() const override { return llvm::divideCeil(c.block, phi::kStepColumns); }
  void unpackStep(mlir::Value start, mlir::Value index, int64_t panel) const override;

  // LaneTile.cpp: its products. A part is half of a panel.
  llvm::SmallVector<llvm::SmallVector<SumPlace>> parts() const override;
  void multiplyGroup(mlir::Value group, mlir::Value column, mlir::ValueRange records, int64_t part,
                     Sums sums) const override;

protected:
  LaneGroup layout() const { return {type, c.schedule, matrix(), c.block}; }
  int64_t zeroedMax() const;                              ///< largest magnitude of code - zero
  void storePart(mlir::Value part, mlir::Value at) const; ///< 16 bytes to the scratch

  // The two forms of a long pass (LaneGroup.h). A copy is a token of the tile, or a pair of them.
  virtual bool matrix() const = 0;
  /// Where the sums of a half and a copy lie.
  virtual SumPlace place(int64_t panel, int64_t half, int64_t copy) const = 0;
  /// Adds the products of 8 columns, whose codes are a line of the half, to `dots`, [copy][vector].
  virtual void multiplyEight(llvm::ArrayRef<mlir::Value> codes, int64_t eight,
                             mlir::ValueRange records, mlir::Value group,
                             llvm::MutableArrayRef<mlir::Value> dots) const = 0;
  /// A copy's activation scales, and sums, for the lanes of a vector.
  virtual mlir::Value scaleOf(mlir::ValueRange records, int64_t copy, mlir::Value group) const = 0;
  virtual mlir::Value sumOf(mlir::ValueRange records, int64_t copy, mlir::Value group) const = 0;
  /// Unpacking, of part `part` of a half: codes of two quads (8 columns) of four rows, in a line;
  /// scales of four rows.
  virtual void storeCodes(mlir::Value line, int64_t part, mlir::Value even,
                          mlir::Value odd) const = 0;
  virtual void storeScales(mlir::Value line, int64_t part, mlir::Value scales) const = 0;

  const LinearContext &c;
  const Emitter &e;
  Codes codes;
  phi::QuantizedType type;
  LaneValues values;

private:
  /// Codes of one quad.
  struct Quad {
    int64_t number; ///< 0 .. 7 of the half step
    mlir::Value codes;
  };
  /// Lines of codes of a half step.
  int64_t lines() const { return type.getBits() == 8 ? kQuads : kQuads / 2; }
  /// Rows 4 * part .. 4 * (part + parts) of line `number` of a half step, which has `count` of a
  /// kind; those of a step start at byte `first`.
  mlir::Value lineOf(mlir::Value start, mlir::Value half, int64_t first, int64_t count,
                     int64_t number, int64_t part, int64_t parts = 1) const;
  /// What `packed`, rows 4 * part on of line `line` of the codes, holds; `entries`: of the
  /// codebook, signed.
  llvm::SmallVector<Quad, 2> quadsOf(mlir::Value packed, mlir::Value start, mlir::Value half,
                                     int64_t line, int64_t part, bool entries = false) const;
  /// 4 of the f16 [half][16] that start at `at`, from row 4 * part on, as f32.
  mlir::Value halves(mlir::Value start, mlir::Value half, int64_t at, int64_t part) const;

  // LanePanels.cpp
  /// Some parts of a half step.
  struct Place {
    mlir::Value start, half, group; ///< first byte of the step, half of it, group of the record
    int64_t part, together;         ///< the first, and how many
  };
  /// A step of the parts `part` .. `part + together`: sums are [token][part of these].
  Values multiplyParts(mlir::Value start, mlir::Value step, int64_t part, int64_t together,
                       mlir::ValueRange records, mlir::ValueRange first) const;
  /// The same for a half step.
  void multiplyHalf(const Place &place, mlir::ValueRange records,
                    llvm::MutableArrayRef<mlir::Value> acc) const;
  mlir::Value foldPart(const Place &place, int64_t part, mlir::Value acc,
                       llvm::ArrayRef<mlir::Value> dots, mlir::Value record, int64_t token) const;
  mlir::Value scaledDots(mlir::Value start, mlir::Value half, int64_t part,
                         llvm::ArrayRef<mlir::Value> sides) const;
  Values startDots(mlir::Value record, int64_t token, mlir::Value group) const;

  // LaneUnpack.cpp
  /// Rows 4 * part on of a step's half: codes to the block that starts at `at` in the scratch; what
  /// goes with them.
  void unpackCodes(mlir::Value start, mlir::Value half, int64_t part, mlir::Value at,
                   mlir::Value group, const BlockScale *common) const;
  void storeScalesOf(int64_t part, mlir::Value at, mlir::Value scale, mlir::Value minimum) const;
  void storeStarts(mlir::Value at) const;
  void unpackBlock(mlir::Value start, mlir::Value at) const;

  // LaneTile.cpp
  /// Adds the products of a group of 32 columns, number `group` of the block.
  void multiplyColumns(mlir::Value at, mlir::Value group, mlir::Value whole,
                       mlir::ValueRange records, llvm::MutableArrayRef<mlir::Value> dots) const;
  /// Where the unpacked block of a panel of the tile starts in the scratch.
  mlir::Value blockAt(mlir::Value block, int64_t panel) const;
  /// Vectors of 16 bytes, one after the other in the scratch.
  Values loadParts(mlir::Value at, int64_t count, mlir::Type element) const;
  /// acc + asFloat(dots, started at kMagicBits) * scale * activation scale, + minimum * sum.
  void fold(llvm::MutableArrayRef<mlir::Value> acc, llvm::ArrayRef<mlir::Value> dots,
            mlir::Value at, int64_t half, mlir::ValueRange records, mlir::Value group) const;
};

} // namespace phidias::vec
