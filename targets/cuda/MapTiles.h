#pragma once
/// Tile ops → what a thread of a block does of them. Each replaces the op and erases it. See
/// phi-cuda-map-tiles for what they may rely on.

#include "dialects/phi/PhiDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "targets/cuda/Capability.h"

namespace phidias::cuda {

/// What phi-cuda-map-tiles calls the module of portable code.
inline constexpr llvm::StringLiteral kPortable = "portable";

void mapTile(phi::TileEmbedOp op);
void mapTile(phi::TilePrepareOp op, const Capability &capability);
void mapTile(phi::TileLinearOp op, const Capability &capability);
void mapTile(phi::TileAppendOp op);
void mapTile(phi::TileAttentionOp op);
void mapTile(phi::TileCombineOp op);
void mapTile(phi::TileChooseOp op);

/// A loop over rows of the reference lowering (lower::kShare): its rows one by one to the threads
/// of the block.
void mapRows(mlir::scf::ForOp loop);

} // namespace phidias::cuda
