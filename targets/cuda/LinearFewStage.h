#pragma once
/// Records of f32 or bf16 in shared memory, token by token as they are.

#include "targets/cuda/LinearFewRing.h"

namespace phidias::cuda {

class FewRecords {
public:
  explicit FewRecords(const FewTile &tile) : tile(tile), e(tile.e) {}

  int64_t stagedBytes() const { return tile.tokens * apart(); }
  void beginStage(int64_t start);
  void endStage(int64_t groups) const;

  /// Four bytes of the record of token `token`, as `type`.
  mlir::Value load(mlir::Type type, mlir::Value token, mlir::Value word) const;

private:
  /// In the order of the columns again.
  void copyTiles(mlir::Value global, mlir::Value shared) const;
  /// Of a record: its values.
  int64_t bytes() const { return tile.acts.factor < 0 ? tile.acts.bytes : tile.acts.factor; }
  /// Bytes from a token to the next: 32 more than a multiple of 128, so that those that eight lanes
  /// read of each of four tokens lie in other banks.
  int64_t apart() const { return llvm::alignTo(bytes(), 128) + 32; }

  const FewTile &tile;
  const Block &e;
  int64_t start = -1; ///< of the shared memory; -1: not there
};

} // namespace phidias::cuda
