#pragma once
/// A row of a token, cut over a block: a thread has four columns side by side, a quad; a round is
/// all threads' quads. Eight lanes have 32 columns, a group. What a thread does for several rounds
/// is done step by step for all of them, so that they wait for memory and shuffles together.

#include "targets/cuda/Block.h"

namespace phidias::cuda {

inline constexpr int64_t kQuad = 4;
inline constexpr int64_t kRoundColumns = kQuad * kBlockThreads;
inline constexpr int64_t kGroupColumns = 32;
inline constexpr int64_t kGroupLanes = kGroupColumns / kQuad;

/// A thread's part of a round.
struct Quad {
  mlir::Value number; ///< index: of the row's quads; its last one where there are no more
  mlir::Value exists; ///< i1; null: it does for every thread
  vec::Values x;      ///< four f32
};
using Quads = llvm::SmallVector<Quad>;

/// Rounds that a thread works on at a time: the rows of all models up to 6144 columns are one turn.
inline constexpr int64_t kTurnRounds = 6;
int64_t roundsOf(int64_t columns);

/// Calls `body` for all rounds of a row of `columns`, a multiple of kGroupColumns, up to
/// kTurnRounds at a time: their quads, without x. No barrier may stand in it where there is more
/// than one turn.
void eachTurn(const Block &b, int64_t columns, llvm::function_ref<void(Quads &)> body);
/// The same with values carried from turn to turn.
vec::Values eachTurn(const Block &b, int64_t columns, mlir::ValueRange first,
                     llvm::function_ref<vec::Values(Quads &, mlir::ValueRange)> body);

/// x, times `H[i][j] = (-1)^popcount(i & j)` in each group: sqrt(32) times the rotation of
/// !phi.quantized, which the caller takes back where it costs least.
void rotate(const Block &b, Quads &quads);

/// Of each quad the largest magnitude in its group, or the sum of `values` (four i32) over the
/// `columns` that it belongs to.
vec::Values largestOfGroups(const Block &b, const Quads &quads);
vec::Values sumsOfGroups(const Block &b, llvm::ArrayRef<vec::Values> values, int64_t columns);

/// Four elements from buffer[leading..., 4 * number] on, of a row of `columns`; zero beyond it.
vec::Values loadQuad(const Block &b, mlir::Value buffer, mlir::ValueRange leading,
                     mlir::Value number, int64_t columns, int64_t padded);
/// The same back, where the row has them.
void storeQuad(const Block &b, const Quad &quad, mlir::Value buffer, mlir::ValueRange leading,
               int64_t columns);

} // namespace phidias::cuda
