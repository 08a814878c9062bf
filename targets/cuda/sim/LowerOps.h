#pragma once
/// Ops of a CUDA thread → calls of phirt/abi/Sim.h.

#include "targets/cuda/sim/Sites.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace phidias::sim {

/// Replaces `op` by a call. False where `op` is none of gpu's or nvvm's that have a twin.
bool lowerThreadOp(mlir::Operation *op, mlir::ModuleOp module, Sites &sites);
/// The same of those that a warp does together and that have fragments.
bool lowerMatrixOp(mlir::Operation *op, mlir::ModuleOp module, Sites &sites);
/// The same of what a warpgroup does; after markWgmmaUses.
bool lowerWgmmaOp(mlir::Operation *op, mlir::ModuleOp module, Sites &sites);
bool isWgmma(mlir::Operation *op);
/// Numbers the registers that wgmmas write, and puts a check before what else uses them.
void markWgmmaUses(mlir::ModuleOp module, Sites &sites);
/// Puts a check before `op` where it reads or writes memory that others may see.
void checkAccess(mlir::Operation *op, mlir::ModuleOp module, Sites &sites);
/// Has each block of the functions say how much else it computes.
void countOthers(mlir::ModuleOp module);

} // namespace phidias::sim
