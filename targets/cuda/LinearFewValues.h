#pragma once
/// i8 activations as lanes need them, from their records or from shared memory, where they lie in
/// two parts (`kF` bytes of factors):
///
///     [step][token][t / 2][half][t % 2][8] i8  columns 4t .. 4t + 3 and 16 + 4t .. of the half;
///                                  with a codebook in the order in which FewCodes::unpack has them
///     [step][token][half][kF]      f32 scale; then f32 12582912 - the sum of the record, or with a
///                                  minimum that sum; or (6 bits) i32 sums of both 16 columns, 0
///
/// Steps are so far apart that threads that store neighbouring groups meet in no bank.

#include "targets/cuda/LinearFewCodes.h"

namespace phidias::cuda {

/// What a sum of products in i32 starts from, so that its bits are those of an f32: 12582912 + sum.
inline constexpr int32_t kMagicBits = 0x4B400000;
inline constexpr float kMagic = 12582912.f;

class FewValues {
public:
  FewValues(const FewTile &tile, const FewLane &lane);

  int64_t stagedBytes() const { return tile.steps * (stepBytes() + stepFactorBytes()); }
  void beginStage(int64_t start);
  void endStage() const;

  /// Fragments of B for tokens 4 * set .. and step `step`: two words.
  vec::Values codes(mlir::Value step, int64_t set) const;
  /// Of token 4 * set + t and the lane's half: scale, then what the table above has.
  vec::Values factors(mlir::Value step, int64_t set) const;

private:
  bool isSix() const { return type.getBits() == 6; }
  int64_t factorBytes() const { return isSix() ? 16 : 8; }
  int64_t stepBytes() const { return tile.tokens * 2 * 32 + 32; }
  int64_t stepFactorBytes() const { return (tile.tokens | 1) * 2 * factorBytes(); }
  int64_t factorsAt() const { return tile.steps * stepBytes(); }
  int64_t items() const { return tile.tokens * tile.steps * 2; }
  mlir::Value clamp(mlir::Value token, int64_t set) const;
  mlir::Value word(mlir::Value byte) const;
  vec::Values ordered(mlir::Value low, mlir::Value high) const;
  /// The factors of group `group`, whose record starts at byte `record`, as i32.
  vec::Values loadFactors(mlir::Value record, mlir::Value group) const;
  void loadItem(mlir::Value item);
  void storeItem(mlir::Value item, mlir::ValueRange loaded) const;
  mlir::Value factorPlace(mlir::Value step, mlir::Value token, mlir::Value half) const;

  const FewTile &tile;
  const Block &e;
  const FewLane &lane;
  phi::QuantizedType type;
  int64_t start = -1;    ///< of the shared memory; -1: not there
  vec::Values loaded;    ///< by beginStage, of each item of this thread
  mlir::Value staged[2]; ///< pairs of words, the same as whole factors
};

} // namespace phidias::cuda
