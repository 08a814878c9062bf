// phi-cuda-lower-to-nvvm: gpu ops → NVVM's, and what the runtime of a CPU does for its threads.

#include "mlir/Parser/Parser.h"
#include "targets/cuda/Passes.h"
#include "targets/cuda/SharedMemory.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace phidias {
#define GEN_PASS_DEF_CUDALOWERTONVVMPASS
#include "targets/cuda/Passes.h.inc"

namespace {

constexpr unsigned kSharedSpace = 3;
/// More than run at once on any GPU. Products with tokens have 32 bits then, and so divisions.
constexpr uint32_t kMostBlocks = 1 << 15;

// Where all blocks meet (%left below 0): each block's first thread arrives and waits until all
// blocks have: the first block adds 2^31 less the others, each other block 1, so the top bit
// changes when the last has come, and the word is as before after two rounds, whatever the grid.
// (Cooperative groups of CUDA count so.) It belongs to the module, of which one kernel runs at a
// time; as an argument, the same for all calls, ptxas would keep it in two registers from the first
// barrier to the last. What any thread of any block wrote before is seen by all after: its block's
// barrier orders it before the fence and the arrival of its first thread, a release pattern, which
// the acquire of every other block's first thread reads from (PTX ISA, "Memory Consistency Model":
// causality order). The fence is an op of its own: LLVM 22 drops the order of a read-modify-write
// for NVPTX.
//
// In a chain of launches none waits. The launch's last region ends the threads; behind a wide one
// before it the block that arrives last goes on, by the same patterns, and the others end; behind
// any other there is one block.
constexpr StringLiteral kTeam = R"mlir(
  llvm.mlir.global internal @phi_arrivals(0 : i32) {addr_space = 1 : i32} : i32
  llvm.mlir.global internal @phi_arrivals_in_chain(0 : i32) {addr_space = 1 : i32} : i32
  func.func private @phi_region_end(%barrier: !llvm.ptr, %left: i32, %wide: i1) {
    %none = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %meets = arith.cmpi slt, %left, %none : i32
    %ends = arith.cmpi eq, %left, %none : i32
    scf.if %ends {
      llvm.inline_asm has_side_effects "exit;", "" : () -> ()
    }
    nvvm.barrier0
    %thread = nvvm.read.ptx.sreg.tid.x : i32
    %isFirst = arith.cmpi eq, %thread, %none : i32
    %blocks = nvvm.read.ptx.sreg.nctaid.x : i32
    scf.if %meets {
      scf.if %isFirst {
        %arrivals = llvm.mlir.addressof @phi_arrivals : !llvm.ptr<1>
        %flip = arith.constant 0x80000001 : i32
        %block = nvvm.read.ptx.sreg.ctaid.x : i32
        %lead = arith.subi %flip, %blocks : i32
        %leads = arith.cmpi eq, %block, %none : i32
        %own = arith.select %leads, %lead, %one : i32
        llvm.fence syncscope("device") acq_rel
        %before = llvm.atomicrmw add %arrivals, %own syncscope("device") monotonic : !llvm.ptr<1>, i32
        scf.while : () -> () {
          %seen = llvm.load %arrivals atomic syncscope("device") acquire {alignment = 4 : i64} : !llvm.ptr<1> -> i32
          %changed = arith.xori %seen, %before : i32
          %wait = arith.cmpi sge, %changed, %none : i32
          scf.condition(%wait)
        } do {
          scf.yield
        }
      }
      nvvm.barrier0
    } else {
      scf.if %wide {
        %isLast = scf.if %isFirst -> i32 {
          %arrivals = llvm.mlir.addressof @phi_arrivals_in_chain : !llvm.ptr<1>
          %others = arith.subi %blocks, %one : i32
          llvm.fence syncscope("device") acq_rel
          %before = llvm.atomicrmw uinc_wrap %arrivals, %others syncscope("device") monotonic : !llvm.ptr<1>, i32
          llvm.fence syncscope("device") acq_rel
          %last = arith.cmpi eq, %before, %others : i32
          %word = arith.extui %last : i1 to i32
          scf.yield %word : i32
        } else {
          scf.yield %none : i32
        }
        llvm.inline_asm has_side_effects "{ .reg .pred %p1, %p2; setp.ne.u32 %p1, $0, 0; bar.red.or.pred %p2, 0, %p1; @!%p2 exit; }", "r" %isLast : (i32) -> ()
      }
    }
    return
  }
  func.func private @phirt_claim(%claims: !llvm.ptr) -> index {
    %none = arith.constant 0x7fffffffffffffff : index
    return %none : index
  }
  func.func private @phirt_stage(%profile: !llvm.ptr, %stage: i64) {
    return
  }
)mlir";

class Lowering {
public:
  explicit Lowering(Operation *op) : b(op), loc(op->getLoc()) {}

  Value lower(gpu::ThreadIdOp) { return number<NVVM::ThreadIdXOp>(); }
  Value lower(gpu::BlockIdOp) { return number<NVVM::BlockIdXOp>(kMostBlocks); }
  Value lower(gpu::GridDimOp) { return number<NVVM::GridDimXOp>(kMostBlocks + 1); }

  Value lower(gpu::ShuffleOp op) {
    NVVM::ShflKind kinds[] = {NVVM::ShflKind::bfly, NVVM::ShflKind::up, NVVM::ShflKind::down,
                              NVVM::ShflKind::idx};
    auto kind = kinds[static_cast<size_t>(op.getMode())];
    Value last = i32(kind == NVVM::ShflKind::up ? 0 : 31);
    return NVVM::ShflOp::create(b, loc, op.getValue().getType(), i32(-1), op.getValue(),
                                op.getOffset(), last, kind, UnitAttr());
  }

  /// memref<?xi8, 3> on all of it.
  Value lower(gpu::DynamicSharedMemoryOp op) {
    Type i64 = b.getI64Type(), one = LLVM::LLVMArrayType::get(i64, 1);
    Type pointer = LLVM::LLVMPointerType::get(b.getContext(), kSharedSpace);
    auto type = LLVM::LLVMStructType::getLiteral(b.getContext(), {pointer, pointer, i64, one, one});
    Value address = LLVM::AddressOfOp::create(b, loc, pointer, cuda::kShared);
    Value descriptor = LLVM::UndefOp::create(b, loc, type);
    auto set = [&](Value value, ArrayRef<int64_t> at) {
      descriptor = LLVM::InsertValueOp::create(b, loc, descriptor, value, at);
    };
    auto constant = [&](int64_t value) {
      return LLVM::ConstantOp::create(b, loc, i64, b.getI64IntegerAttr(value));
    };
    set(address, {0});
    set(address, {1});
    set(constant(0), {2});
    set(constant(std::numeric_limits<int64_t>::max()), {3, 0});
    set(constant(1), {4, 0});
    return UnrealizedConversionCastOp::create(b, loc, op.getType(), descriptor).getResult(0);
  }

private:
  Value i32(int32_t value) { return arith::ConstantIntOp::create(b, loc, value, 32); }

  /// Below `end`, where that is known.
  template <typename Register> Value number(uint32_t end = 0) {
    auto range = LLVM::ConstantRangeAttr::get(b.getContext(), APInt(32, 0), APInt(32, end));
    Value value = Register::create(b, loc, b.getI32Type(), end ? range : nullptr);
    return arith::IndexCastUIOp::create(b, loc, b.getIndexType(), value);
  }

  OpBuilder b;
  Location loc;
};

/// LLVM 22 has prefetches for capability 90 alone; the PTX ISA has them for all.
void inlinePrefetch(NVVM::PrefetchOp op) {
  OpBuilder b(op);
  auto dialect = LLVM::AsmDialectAttr::get(b.getContext(), LLVM::AsmDialect::AD_ATT);
  LLVM::InlineAsmOp::create(b, op.getLoc(), TypeRange(), op.getAddr(), "prefetch.global.L2 [$0];",
                            "l", /*has_side_effects=*/true, /*is_align_stack=*/false,
                            LLVM::TailCallKind::None, dialect, ArrayAttr());
  op.erase();
}

struct CudaLowerToNvvm : impl::CudaLowerToNvvmPassBase<CudaLowerToNvvm> {
  void runOnOperation() override {
    defineTeam();
    declareShared();
    getOperation()->walk([](Operation *op) {
      llvm::TypeSwitch<Operation *>(op)
          .Case<gpu::ThreadIdOp, gpu::BlockIdOp, gpu::GridDimOp, gpu::ShuffleOp,
                gpu::DynamicSharedMemoryOp>([](auto op) {
            op->getResult(0).replaceAllUsesWith(Lowering(op).lower(op));
            op->erase();
          })
          .Case(inlinePrefetch)
          .Case([](gpu::BarrierOp op) {
            OpBuilder b(op);
            NVVM::Barrier0Op::create(b, op.getLoc());
            op.erase();
          });
    });
    cuda::replaceSharedSpace(getOperation(),
                             IntegerAttr::get(IntegerType::get(&getContext(), 64), kSharedSpace));
  }

private:
  void defineTeam() {
    OwningOpRef<ModuleOp> team = parseSourceString<ModuleOp>(kTeam, &getContext());
    assert(team && "the text above is MLIR");
    SymbolTable symbols(getOperation());
    for (Operation &symbol : llvm::make_early_inc_range(*team->getBody())) {
      if (Operation *declaration = symbols.lookup(SymbolTable::getSymbolName(&symbol)))
        symbols.erase(declaration);
      symbol.remove();
      symbols.insert(&symbol);
    }
  }

  void declareShared() {
    OpBuilder b = OpBuilder::atBlockBegin(getOperation().getBody());
    auto none = LLVM::LLVMArrayType::get(b.getI8Type(), 0);
    LLVM::GlobalOp::create(b, getOperation().getLoc(), none, /*isConstant=*/false,
                           LLVM::Linkage::External, cuda::kShared, Attribute(),
                           cuda::kSharedAlignment, kSharedSpace);
  }
};

} // namespace
} // namespace phidias
