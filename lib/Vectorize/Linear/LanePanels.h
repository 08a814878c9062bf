#pragma once
/// Codes times i8 on machines that take a factor from a lane of a register. Vectors of 4 rows. In
/// f32 a group is acc + (dots * scale) * activation scale, + minimum * sum.

#include "LaneValues.h"
#include "Panels.h"

namespace phidias::vec {

class LanePanels : public Panels {
public:
  explicit LanePanels(const LinearContext &c)
      : c(c), e(c.e), codes(c), type(codes.type), values{c} {}

  // LanePanels.cpp: few tokens
  void multiplyStep(mlir::Value start, mlir::Value step, mlir::ValueRange records,
                    llvm::MutableArrayRef<mlir::Value> acc) const override;

  // LaneUnpack.cpp: what long passes have in common. Where zero is not 0 after the subtraction of
  // LaneUnpack, codes do not fit 8 bits, signed.
  bool canUnpack() const override;
  int64_t groupColumns() const override { return 32; }
  void unpackStep(mlir::Value start, mlir::Value index, int64_t panel) const override;

protected:
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
  /// What `packed`, rows 4 * part on of line `line` of the codes, holds.
  llvm::SmallVector<Quad, 2> quadsOf(mlir::Value packed, mlir::Value start, mlir::Value half,
                                     int64_t line, int64_t part) const;
  /// 4 of the f16 [half][16] that start at `at`, from row 4 * part on, as f32.
  mlir::Value halves(mlir::Value start, mlir::Value half, int64_t at, int64_t part) const;

  /// Where the unpacked group of a panel of the tile starts in the scratch.
  mlir::Value groupAt(mlir::Value group, int64_t panel, int64_t groupBytes) const;
  mlir::Value loadPart(mlir::Value at, mlir::Type element) const; ///< 16 bytes of the scratch
  void storePart(mlir::Value part, mlir::Value at) const;
  /// Of a long pass; codes are signed.
  mlir::Value dotZeroed(mlir::Value acc, mlir::Value codes, mlir::Value values) const;
  int64_t zeroedMax() const; ///< largest magnitude of code - zero
  /// acc + asFloat(dots, started at kMagicBits) * scale * activation scale.
  mlir::Value fold(mlir::Value acc, mlir::Value dots, mlir::Value scale, mlir::Value offset,
                   mlir::Value activationScale) const;

  /// The forms of a long pass: codes of two quads (8 columns) of four rows; scales of four rows.
  virtual void storeCodes(mlir::Value at, int64_t block, int64_t part, mlir::Value even,
                          mlir::Value odd) const;
  virtual void storeScales(mlir::Value at, int64_t part, mlir::Value scales) const;
  virtual bool matrix() const { return false; }

  const LinearContext &c;
  const Emitter &e;
  Codes codes;
  phi::QuantizedType type;
  LaneValues values;

private:
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
};

} // namespace phidias::vec
