#pragma once
/// What code of `cuda-sim` calls: one function for each gpu or nvvm op, run by a fiber that stands
/// for one CUDA thread. The compiler knows these names; the library is runtime/src/sim.

#include "phirt/abi.h"

namespace phirt::abi {

/// How the bytes of a fragment are to be read, and the shape m, n, k that goes with it. A, B and C
/// lie in the registers of a warp as the PTX ISA says of `mma.m16n8k16` and `.m16n8k32`.
enum class SimMma : int32_t {
  F16 = 0, ///< m16n8k16, C and D f32
  Bf16,    ///< m16n8k16, C and D f32
  F16Half, ///< m16n8k16, C and D f16
  S8S8,    ///< m16n8k32, C and D s32; the signs of A and of B
  S8U8,
  U8S8,
  U8U8,
};

/// The same of wgmma, m64 by n: k is 16 for the first two, 32 for the others.
enum class SimWgmma : int32_t {
  F16 = 0, ///< D f32
  Bf16,    ///< D f32
  S8S8,    ///< D s32; the signs of A and of B
  S8U8,
  U8S8,
  U8U8,
};
/// Bits of phisim_wgmma's `flags`: D is added to; A, B are negated, or lie with their rows, columns
/// side by side instead of along k.
enum SimWgmmaFlag : int32_t {
  kSimAdd = 1,
  kSimNegateA = 2,
  kSimNegateB = 4,
  kSimTransposedA = 8,
  kSimTransposedB = 16
};

enum class SimShuffle : int32_t { Xor = 0, Up, Down, Index };

/// PTX ISA, `prmt`: no mode, .f4e, .b4e, .rc8, .ecl, .ecr, .rc16.
enum class SimPermute : int32_t {
  Default = 0,
  Forward4,
  Backward4,
  Replicate8,
  EdgeLeft,
  EdgeRight,
  Replicate16,
};

/// Bits of phisim_access's `kind`.
enum SimAccess : int32_t { kSimRead = 0, kSimWrite = 1, kSimAtomic = 2 };

/// A kernel as the program knows it.
struct SimKernel {
  const char *name;  ///< zero-terminated
  Forward *function; ///< run by every simulated thread, `thread` and `threads` are block and grid
  const char *sites; ///< lines "function\top\tlocation\n", numbered from 0; zero-terminated
  int64_t blockThreads;
  int64_t sharedBytes;          ///< of a block
  int64_t arenaBytes;           ///< Code::arenaBytes
  const void *const *constants; ///< [constantCount]
  const int64_t *constantBytes; ///< [constantCount]
  int64_t constantCount;
  const Region *regions; ///< as DeviceCode has them
  int64_t regionCount;
};

} // namespace phirt::abi

extern "C" {
/// What the program's phi_forward does: runs this CPU thread's share of the grid's blocks.
void phisim_launch(const phirt::abi::ForwardArgs *args, const phirt::abi::SimKernel *kernel);

int64_t phisim_thread_id(int32_t dimension);
int64_t phisim_block_id(int32_t dimension);
int64_t phisim_block_dim(int32_t dimension);
int64_t phisim_grid_dim(int32_t dimension);
int64_t phisim_lane_id();
/// The block's shared memory.
void *phisim_shared();

/// Before every access to memory: `bytes` at `address`, in pieces of `align` bytes.
void phisim_access(const void *address, int32_t bytes, int32_t align, int32_t kind, int32_t site);

void phisim_barrier(int32_t site);
void phisim_grid_barrier(void *barrier, int32_t site);
/// Where a region ends: `left` are those that the launch still runs; below 0, all blocks meet.
void phisim_region_end(void *barrier, int32_t left, int32_t isWide, int32_t site);
void phisim_warp_barrier(int32_t site);
/// That the thread executes `count` ops of no other kind: they are counted alone.
void phisim_others(int32_t count);
/// After a stage: by every thread of block 0.
void phisim_stage(void *profile, int64_t stage);

/// The value, and in bit 32 whether it came from a lane of the segment.
int64_t phisim_shuffle(int32_t value, int32_t offset, int32_t width, int32_t mode, int32_t site);
int32_t phisim_dp4a(int32_t a, int32_t b, int32_t c, int32_t aSigned, int32_t bSigned);
/// Four bytes of `low`, numbers 0 to 3, and `high`, 4 to 7.
int32_t phisim_prmt(int32_t low, int32_t high, int32_t selector, int32_t mode);
/// Fragments as 32-bit registers of this lane: a[4], b[2], c[4] and d[4], or c[2] and d[2] for
/// F16Half. `d` may be `c`.
void phisim_mma(int32_t kind, const int32_t *a, const int32_t *b, const int32_t *c, int32_t *d,
                int32_t site);
/// `count` 8 by 8 matrices of 16-bit elements; lane 8 i + r gives the address of row r of the i-th.
void phisim_ldmatrix(const void *row, int32_t count, int32_t transposed, int32_t *result,
                     int32_t site);
/// `bytes` into shared memory, of which the first `from` come from `source` and the rest is zero.
void phisim_cp_async(void *target, const void *source, int32_t bytes, int32_t from, int32_t site);
void phisim_cp_async_commit();
/// Waits for all but the last `left` groups of this thread.
void phisim_cp_async_wait(int32_t left);
/// A line of 128 bytes into the second cache. Moves nothing here: it is counted, and must be of
/// global memory.
void phisim_prefetch(const void *address, int32_t site);

/// An mbarrier of 8 bytes in shared memory, for `count` arrivals a phase.
void phisim_mbarrier_init(void *barrier, int32_t count, int32_t site);
void phisim_mbarrier_inval(void *barrier, int32_t site);
void phisim_mbarrier_arrive(void *barrier, int32_t count, int32_t site);
/// Expects `bytes` more of copies in this phase, and arrives.
void phisim_mbarrier_arrive_expect_tx(void *barrier, int32_t bytes, int32_t site);
/// Until the phase with this parity is over.
void phisim_mbarrier_wait_parity(void *barrier, int32_t parity, int32_t site);
/// `bytes` of global memory into shared memory, which the mbarrier counts when they are there.
void phisim_bulk_copy(void *target, const void *source, void *barrier, int32_t bytes, int32_t site);
/// fence.proxy.async: bulk copies and wgmma see what this thread wrote before.
void phisim_fence_async();

void phisim_wgmma_fence(int32_t site);
void phisim_wgmma_commit();
/// Waits for all but the last `left` groups of this warp.
void phisim_wgmma_wait(int32_t left, int32_t site);
/// D (n / 2 registers) = A * B + D. `a`: four registers, or null where A is in shared memory as
/// `descriptorA` says. `chain` names the registers of D.
void phisim_wgmma(int32_t kind, int32_t n, const int32_t *a, int64_t descriptorA,
                  int64_t descriptorB, int32_t *d, int32_t flags, int32_t chain, int32_t site);
/// Before the registers of D are read or written by anything else.
void phisim_wgmma_use(int32_t chain, int32_t site);
}
