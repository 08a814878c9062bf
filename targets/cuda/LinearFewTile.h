#pragma once
/// What the kernel for few tokens works with, and how its work is cut.
///
/// A panel is cut into units, some columns of its 16 rows. Of the block's eight warps `parts` share
/// a panel, a warp taking every parts-th unit; as many groups of them as there are take panels of
/// their own. Which warp adds up what depends on the columns alone, so a result is the same for any
/// number of blocks and of tokens.

#include "dialects/phi/Activations.h"
#include "dialects/phi/Panel.h"
#include "dialects/phi/PhiDialect.h"
#include "targets/cuda/Block.h"

namespace phidias::cuda {

inline constexpr int64_t kPieceBytes = 16; ///< the widest load of a thread

struct FewTile {
  FewTile(phi::TileLinearOp op, mlir::OpBuilder &b, mlir::Value first, int64_t tokens);

  Block e;
  mutable phi::TileLinearOp op; ///< mutable: accessors of ops are not const
  mlir::Type element;
  phi::StepLayout step;       ///< bytes of a step of 64 columns
  phi::ActivationLayout acts; ///< bytes of a token's record
  int64_t steps;              ///< of a panel
  int64_t tokens;             ///< of the kernel
  int64_t width;              ///< panels that make one result: gate and up, or one
  mlir::Value first;          ///< token
  bool tiled = false;         ///< records lie as in Records.h

  int64_t panelBytes() const { return steps * step.bytes; }
  /// The record of token `first + token`, of the last one there is where that is none: its first
  /// byte in the activations.
  mlir::Value record(mlir::Value token) const;
  /// `first + token`, or the last one there is.
  mlir::Value clamped(mlir::Value token) const;

  // Of an i32.
  mlir::Value andBits(mlir::Value word, uint32_t bits) const;
  mlir::Value orBits(mlir::Value x, mlir::Value y) const;
  mlir::Value shiftRight(mlir::Value word, int64_t bits) const;
  mlir::Value shiftLeft(mlir::Value word, int64_t bits) const;
  /// Lane `lane` of a vector.
  mlir::Value at(mlir::Value vector, int64_t lane) const;
  mlir::Value isZero(mlir::Value index) const;
  mlir::Value select(mlir::Value condition, mlir::Value yes, mlir::Value no) const;
  /// The bytes in the activations from `byte` on as one value.
  mlir::Value loadActivation(mlir::Type type, mlir::Value byte) const;
};

} // namespace phidias::cuda
