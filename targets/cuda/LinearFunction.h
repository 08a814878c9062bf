#pragma once
/// Each kernel of phi.tile_linear is a function of its own.

#include "dialects/phi/PhiDialect.h"
#include "phidias/Vectorize/Emitter.h"

namespace phidias::cuda {

/// Calls, at `e`'s insertion point, a function of what `map` builds of a copy of `op` for at most
/// `tokens` tokens. All in one, registers would be shared out among code that never runs together,
/// and compilers, LLVM's as well as the driver's, take more than twice as long for twice the code.
void inFunction(const vec::Emitter &e, phi::TileLinearOp op, int64_t tokens,
                llvm::function_ref<void(phi::TileLinearOp, mlir::OpBuilder &)> map);

/// The same of the smallest of `sizes`, which rise, that has all of the pass's tokens, or of the
/// largest, which is to take them in several turns. Sizes beyond the schedule's are left out.
void inSmallestFunction(
    const vec::Emitter &e, phi::TileLinearOp op, llvm::ArrayRef<int64_t> sizes,
    llvm::function_ref<void(phi::TileLinearOp, mlir::OpBuilder &, int64_t tokens)> map);

} // namespace phidias::cuda
