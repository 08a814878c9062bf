#pragma once
/// Codes times i8: integer dot products over the columns of a group, then one multiply-add by the
/// scales of both. Vectors of 16 rows.

#include "Codes.h"
#include "Panels.h"

namespace phidias::vec {

class IntegerPanels : public Panels {
public:
  explicit IntegerPanels(const LinearContext &c) : c(c), e(c.e), codes(c), type(codes.type) {}

  // IntegerPanels.cpp
  void multiplyStep(mlir::Value start, mlir::Value step, mlir::ValueRange records,
                    llvm::MutableArrayRef<mlir::Value> acc) const override;
  bool canUnpack() const override { return type.getBits() != 6; }
  int64_t groupColumns() const override { return c.block; }

  // IntegerLoops.cpp
  /// The same with the halves, and of them the lines of codes, in loops.
  void multiplyInLoops(mlir::Value start, mlir::Value step, mlir::ValueRange records,
                       llvm::MutableArrayRef<mlir::Value> acc) const;

  // UnpackedCodes.cpp
  int64_t unpackSteps() const override { return llvm::divideCeil(c.block, phi::kStepColumns); }
  void unpackStep(mlir::Value start, mlir::Value index, int64_t panel) const override;
  llvm::SmallVector<llvm::SmallVector<SumPlace>> parts() const override {
    return {wholeTile(c.schedule)};
  }
  void multiplyGroup(mlir::Value group, mlir::Value column, mlir::ValueRange records, int64_t part,
                     Sums sums) const override;

private:
  mlir::Value activation(mlir::Value record, mlir::Value word) const {
    return codes.asBytes(c.broadcastWord(record, word));
  }
  /// What the dot products of a group start from: the share of the zero point.
  mlir::Value seed(mlir::Value record, mlir::Value group) const;
  /// The same of the groups [group, group + count).
  mlir::Value seedOf(mlir::Value record, mlir::Value group, int64_t count) const;
  /// acc + dots * scale * activation scale, + minimum * sum.
  mlir::Value fold(mlir::Value acc, mlir::Value dots, mlir::Value scale, mlir::Value minimum,
                   mlir::Value record, mlir::Value group) const;

  // IntegerLoops.cpp: `half` is an index
  std::pair<mlir::Value, mlir::Value> twoQuads(mlir::Value start, mlir::Value half,
                                               mlir::Value line) const;
  Values multiplyLines(mlir::Value start, mlir::Value half, mlir::Value group,
                       mlir::ValueRange records) const;
  /// Of both sides of a half, times their scales of i8.
  mlir::Value sixBitSum(mlir::Value start, mlir::Value half, mlir::ValueRange sides) const;

  void multiplyHalf(mlir::Value start, mlir::Value step, int64_t half, mlir::ValueRange records,
                    llvm::MutableArrayRef<mlir::Value> acc) const;
  void multiplySixBits(mlir::Value start, int64_t half, mlir::Value group, mlir::Value word,
                       mlir::ValueRange records, llvm::MutableArrayRef<mlir::Value> acc) const;
  mlir::Value dotQuads(llvm::ArrayRef<mlir::Value> quads, mlir::Value record, mlir::Value word,
                       mlir::Value dots) const;
  mlir::Value dotShifted(mlir::Value start, int64_t half, mlir::Value record, mlir::Value word,
                         mlir::Value group) const;

  void unpackHalf(mlir::Value start, int64_t half, mlir::Value group, int64_t panel) const;
  void unpackBlock(mlir::Value start, mlir::Value index, int64_t panel) const;
  void storeQuads(mlir::ValueRange quads, mlir::Value group, int64_t panel) const;
  /// Adds the products of the 32 columns from group `group` of the chunk on; `whole`: of the
  /// record.
  void multiplyColumns(mlir::Value group, mlir::Value whole, mlir::ValueRange records,
                       llvm::MutableArrayRef<mlir::Value> dots) const;
  /// The same for `count` quads from the chunk's number `quad` and the record's `word` on.
  void multiplyQuads(mlir::Value quad, mlir::Value word, int64_t count, mlir::ValueRange records,
                     llvm::MutableArrayRef<mlir::Value> dots) const;

  // Scratch: codes of the chunk, then a scale for each block, then minima.
  int64_t scalesAt() const;
  int64_t minimaAt() const;
  void storeFloats(mlir::Value lanes, mlir::Value at) const;
  mlir::Value loadFloats(mlir::Value at) const;

  const LinearContext &c;
  const Emitter &e;
  Codes codes;
  phi::QuantizedType type;
};

} // namespace phidias::vec
