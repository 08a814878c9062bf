#pragma once
/// What the steps of phi.tile_choose share: a block that works on scores. Numbers are i64.

#include "targets/cuda/Block.h"
#include "targets/cuda/MapTiles.h"

namespace phidias::cuda {

/// A score as its place in the order of all: higher scores have higher keys, of 32 bits, all above
/// 0, which is what is no finite number.
struct Score {
  mlir::Value value; ///< f32
  mlir::Value key;
};

/// What a search has found before a round.
struct Search {
  mlir::Value top;    ///< the highest score, f32
  mlir::Value prefix; ///< the digits of the key that are known
  mlir::Value wanted; ///< count or weight that has not been found above
  mlir::Value floor;  ///< scores below this key are out
  mlir::Value ties;   ///< so many of those with this very key stay, the lowest ids
};

struct Choosing : Block {
  Choosing(mlir::OpBuilder &b, phi::TileChooseOp op);

  // Arithmetic.
  mlir::Value number(int64_t value) const;
  mlir::Value toNumber(mlir::Value index) const;
  mlir::Value toIndex(mlir::Value number) const;
  mlir::Value plus(mlir::Value x, mlir::Value y) const;
  mlir::Value minus(mlir::Value x, mlir::Value y) const;
  mlir::Value times(mlir::Value x, mlir::Value y) const;
  mlir::Value both(mlir::Value x, mlir::Value y) const;
  mlir::Value left(mlir::Value x, mlir::Value places) const;
  mlir::Value right(mlir::Value x, mlir::Value places) const;
  mlir::Value is(mlir::arith::CmpIPredicate predicate, mlir::Value x, mlir::Value y) const;
  mlir::Value pick(mlir::Value condition, mlir::Value yes, mlir::Value no) const;
  mlir::Value smaller(mlir::Value x, mlir::Value y) const;
  mlir::Value larger(mlir::Value x, mlir::Value y) const;
  /// floor(x * y / 2^64).
  mlir::Value scaled(mlir::Value x, mlir::Value y) const;

  // Scores.
  Score scoreOf(mlir::Value id) const;
  Score scoreOf(mlir::Value value, mlir::Value temperature) const;
  mlir::Value keyOf(mlir::Value score) const;
  mlir::Value scoreAt(mlir::Value key) const;
  mlir::Value weightOf(mlir::Value score, mlir::Value top) const;

  // The block's columns of a slice, thread by thread.
  mlir::Value sliceStart(mlir::Value slice) const;
  void eachSlice(llvm::function_ref<void(mlir::Value)> body) const;

  // Over the threads of the block; all begin and end with barriers.
  /// Of this thread and all before it.
  mlir::Value scan(mlir::Value own,
                   llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> two) const;
  mlir::Value sumUpTo(mlir::Value own) const;
  /// What `scan` has for the last thread.
  mlir::Value ofAll() const;

  // Memory: the fields of the choice, and the arrays of the work.
  mlir::Value field(size_t offset, mlir::Type type) const;
  void setToken(mlir::Value id) const;
  mlir::Value array(int64_t first, llvm::ArrayRef<int64_t> shape) const;
  mlir::Value bestOfSlices() const { return array(0, {kSlices}); }
  mlir::Value weights() const { return array(kSlices, {kSlices, 2}); } ///< above the floor; ties
  mlir::Value histograms() const { return array(3 * kSlices, {2, kSlices, kDigits}); }
  mlir::Value searches() const { return array((3 + 2 * kDigits) * kSlices, {18, 8}); }
  Search loadSearch(mlir::Value round) const;
  void storeSearch(const Search &search, mlir::Value round) const;
  mlir::Value isFirstSlice() const;

  static constexpr int64_t kSlices = phi::TileChooseOp::kSlices;
  static constexpr int64_t kRounds = phi::TileChooseOp::kRounds;
  static constexpr int64_t kDigits = 16;
  static constexpr int64_t kChosen = 17; ///< the search with the final floor
  static constexpr int64_t kScanAt = 0;  ///< shared memory of `scan`, kBlockThreads numbers
  static constexpr int64_t kFreeAt = 8 * kBlockThreads; ///< what follows it

  mutable phi::TileChooseOp op;
  int64_t vocab, width; ///< columns of a row, of a slice
  int64_t slices;       ///< of a row
};

// The steps.
void emitBest(const Choosing &c);
void emitBegin(const Choosing &c);
void emitNarrow(const Choosing &c);
void emitWeigh(const Choosing &c);
void emitDraw(const Choosing &c);

/// What the search has found before the op's round: by the histograms of the round before, each
/// block for itself, which saves a barrier of the grid.
Search searchOfRound(const Choosing &c);

} // namespace phidias::cuda
