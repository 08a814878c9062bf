// Ids, barriers, shuffles, dp4a, prmt and copies.

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "targets/cuda/RegionValues.h"
#include "targets/cuda/sim/LowerOps.h"
#include "targets/cuda/sim/SimBuilder.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using phirt::abi::SimShuffle;

namespace phidias::sim {
namespace {

struct ThreadOps {
  ThreadOps(Operation *op, ModuleOp module, Sites &sites)
      : b(op), s(module, b, op->getLoc()), sites(sites) {}

  Value site(Operation *op) { return s.i32(sites.add(op)); }

  void replaceBy(Operation *op, StringRef name, ValueRange operands) {
    s.call(name, operands);
    op->erase();
  }

  template <typename Op> void id(Op op, StringRef name) {
    Value number = s.call(name, s.i32(static_cast<int64_t>(op.getDimension())), b.getI64Type());
    replaceIndex(op, number);
  }

  void replaceIndex(Operation *op, Value number) {
    op->getResult(0).replaceAllUsesWith(
        arith::IndexCastOp::create(b, s.loc, b.getIndexType(), number));
    op->erase();
  }

  void lower(gpu::ThreadIdOp op) { id(op, "phisim_thread_id"); }
  void lower(gpu::BlockIdOp op) { id(op, "phisim_block_id"); }
  void lower(gpu::BlockDimOp op) { id(op, "phisim_block_dim"); }
  void lower(gpu::GridDimOp op) { id(op, "phisim_grid_dim"); }
  void lower(gpu::LaneIdOp op) {
    replaceIndex(op, s.call("phisim_lane_id", ValueRange(), b.getI64Type()));
  }

  void lower(gpu::DynamicSharedMemoryOp op) {
    auto type = cast<MemRefType>(op.getType());
    auto plain = MemRefType::get(type.getShape(), type.getElementType());
    Value address = s.call("phisim_shared", ValueRange(), s.pointer());
    op.replaceAllUsesWith(s.buffer(address, plain));
    op.erase();
  }

  void lower(gpu::BarrierOp op) { replaceBy(op, "phisim_barrier", site(op)); }
  void lower(NVVM::BarrierOp op) { replaceBy(op, "phisim_barrier", site(op)); }
  void lower(NVVM::SyncWarpOp op) { replaceBy(op, "phisim_warp_barrier", site(op)); }

  void lower(func::CallOp op) {
    if (op.getCallee() == "phirt_barrier")
      replaceBy(op, "phisim_grid_barrier", {op.getOperand(0), site(op)});
    else if (op.getCallee() == cuda::kRegionEnd)
      replaceBy(op, "phisim_region_end",
                {op.getOperand(0), op.getOperand(1),
                 arith::ExtUIOp::create(b, s.loc, b.getI32Type(), op.getOperand(2)), site(op)});
    else if (op.getCallee() == "phirt_stage")
      replaceBy(op, "phisim_stage", op.getOperands());
  }

  void lower(gpu::ShuffleOp op) {
    Value number = site(op);
    SmallVector<Value> results;
    Value valid;
    for (Value word : s.words(op.getValue())) {
      Value both =
          s.call("phisim_shuffle", {word, op.getOffset(), op.getWidth(), s.i32(modeOf(op)), number},
                 b.getI64Type());
      results.push_back(arith::TruncIOp::create(b, s.loc, b.getI32Type(), both));
      valid = arith::TruncIOp::create(b, s.loc, b.getI1Type(),
                                      arith::ShRUIOp::create(b, s.loc, both, s.i64(32)));
    }
    op.getShuffleResult().replaceAllUsesWith(s.fromWords(results, op.getValue().getType()));
    op.getValid().replaceAllUsesWith(valid);
    op.erase();
  }

  static int64_t modeOf(gpu::ShuffleOp op) {
    auto mode = [&] {
      switch (op.getMode()) {
      case gpu::ShuffleMode::XOR:
        return SimShuffle::Xor;
      case gpu::ShuffleMode::UP:
        return SimShuffle::Up;
      case gpu::ShuffleMode::DOWN:
        return SimShuffle::Down;
      case gpu::ShuffleMode::IDX:
        return SimShuffle::Index;
      }
      llvm_unreachable("all modes are named");
    };
    return static_cast<int64_t>(mode());
  }

  void lower(NVVM::DotAccumulate4WayOp op) {
    auto isSigned = [&](NVVM::DotAccumulateType type) {
      return s.i32(type == NVVM::DotAccumulateType::SIGNED);
    };
    Value sum = s.call("phisim_dp4a",
                       {s.words(op.getA())[0], s.words(op.getB())[0], op.getC(),
                        isSigned(op.getAType()), isSigned(op.getBType())},
                       b.getI32Type());
    op.replaceAllUsesWith(sum);
    op.erase();
  }

  void lower(NVVM::PermuteOp op) {
    // NVVM's modes are in the order of SimPermute.
    Value high = op.getHi() ? op.getHi() : s.i32(0);
    Value bytes =
        s.call("phisim_prmt",
               {op.getLo(), high, op.getSelector(), s.i32(static_cast<int64_t>(op.getMode()))},
               b.getI32Type());
    op.replaceAllUsesWith(bytes);
    op.erase();
  }

  void lower(NVVM::CpAsyncOp op) {
    Value bytes = s.i32(op.getSize());
    Value from = op.getCpSize() ? op.getCpSize() : bytes;
    replaceBy(op, "phisim_cp_async", {op.getDst(), op.getSrc(), bytes, from, site(op)});
  }
  void lower(NVVM::PrefetchOp op) { replaceBy(op, "phisim_prefetch", {op.getAddr(), site(op)}); }
  void lower(NVVM::CpAsyncCommitGroupOp op) { replaceBy(op, "phisim_cp_async_commit", {}); }
  void lower(NVVM::CpAsyncWaitGroupOp op) {
    replaceBy(op, "phisim_cp_async_wait", s.i32(op.getN()));
  }

  void lower(NVVM::MBarrierInitOp op) {
    replaceBy(op, "phisim_mbarrier_init", {op.getAddr(), op.getCount(), site(op)});
  }
  void lower(NVVM::MBarrierInvalOp op) {
    replaceBy(op, "phisim_mbarrier_inval", {op.getAddr(), site(op)});
  }
  void lower(NVVM::MBarrierArriveOp op) {
    Value count = op.getCount() ? op.getCount() : s.i32(1);
    replaceBy(op, "phisim_mbarrier_arrive", {op.getAddr(), count, site(op)});
  }
  void lower(NVVM::MBarrierArriveExpectTxOp op) {
    replaceBy(op, "phisim_mbarrier_arrive_expect_tx", {op.getAddr(), op.getTxcount(), site(op)});
  }
  void lower(NVVM::MBarrierTryWaitParityOp op) {
    replaceBy(op, "phisim_mbarrier_wait_parity", {op.getAddr(), op.getPhase(), site(op)});
  }
  void lower(NVVM::CpAsyncBulkGlobalToSharedClusterOp op) {
    replaceBy(op, "phisim_bulk_copy",
              {op.getDstMem(), op.getSrcMem(), op.getMbar(), op.getSize(), site(op)});
  }
  void lower(NVVM::FenceProxyOp op) { replaceBy(op, "phisim_fence_async", {}); }

  OpBuilder b;
  SimBuilder s;
  Sites &sites;
};

/// What has a twin only without what it may have besides.
bool hasTwin(Operation *op) {
  if (auto init = dyn_cast<NVVM::MBarrierInitOp>(op))
    return !init.getPredicate();
  if (auto arrive = dyn_cast<NVVM::MBarrierArriveOp>(op))
    return op->use_empty() && !arrive.getRelaxed();
  if (auto arrive = dyn_cast<NVVM::MBarrierArriveExpectTxOp>(op))
    return op->use_empty() && !arrive.getRelaxed() && !arrive.getPredicate();
  if (auto copy = dyn_cast<NVVM::CpAsyncBulkGlobalToSharedClusterOp>(op))
    return !copy.getMulticastMask() && !copy.getL2CacheHint();
  if (auto prefetch = dyn_cast<NVVM::PrefetchOp>(op))
    return prefetch.getCacheLevel() == NVVM::PrefetchCacheLevel::L2 && !prefetch.getPredicate();
  if (auto fence = dyn_cast<NVVM::FenceProxyOp>(op))
    return fence.getKind() == NVVM::ProxyKind::async_shared ||
           fence.getKind() == NVVM::ProxyKind::async; // checked of shared memory alone
  return true;
}

} // namespace

bool lowerThreadOp(Operation *op, ModuleOp module, Sites &sites) {
  if (!hasTwin(op))
    return false;
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<gpu::ThreadIdOp, gpu::BlockIdOp, gpu::BlockDimOp, gpu::GridDimOp, gpu::LaneIdOp,
            gpu::DynamicSharedMemoryOp, gpu::BarrierOp, gpu::ShuffleOp, NVVM::BarrierOp,
            NVVM::SyncWarpOp, NVVM::DotAccumulate4WayOp, NVVM::PermuteOp, NVVM::CpAsyncOp,
            NVVM::CpAsyncCommitGroupOp, NVVM::CpAsyncWaitGroupOp, NVVM::MBarrierInitOp,
            NVVM::MBarrierInvalOp, NVVM::MBarrierArriveOp, NVVM::MBarrierArriveExpectTxOp,
            NVVM::MBarrierTryWaitParityOp, NVVM::CpAsyncBulkGlobalToSharedClusterOp,
            NVVM::FenceProxyOp, NVVM::PrefetchOp, func::CallOp>([&](auto found) {
        ThreadOps(op, module, sites).lower(found);
        return true;
      })
      .Default(false);
}

} // namespace phidias::sim
