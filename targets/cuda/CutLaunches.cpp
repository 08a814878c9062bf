// phi-cuda-cut-launches: a launch may run a stretch of a pass's regions. What lies before a barrier
// is a region; each gets a number, a guard, and an end where the launch may end too.

#include "phidias/Lower/Environment.h"
#include "phidias/Lower/Loops.h"
#include "phirt/abi.h"
#include "targets/cuda/Passes.h"
#include "targets/cuda/RegionValues.h"

using namespace mlir;
using Kind = phirt::abi::RegionKind;

namespace phidias {
#define GEN_PASS_DEF_CUDACUTLAUNCHESPASS
#include "targets/cuda/Passes.h.inc"

namespace {

constexpr StringLiteral kBarrier = "phirt_barrier", kStage = "phirt_stage";

bool calls(Operation *op, StringRef name) {
  return op
      ->walk([&](func::CallOp call) {
        return call.getCallee() == name ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

/// How a region is run where a launch runs several.
Kind kindOf(ArrayRef<Operation *> work) {
  Kind kind = Kind::Narrow;
  for (Operation *op : work)
    op->walk([&](Operation *inner) {
      auto choose = dyn_cast<phi::TileChooseOp>(inner);
      if (isa<phi::TileLinearOp, phi::TileAttentionOp>(inner) ||
          (choose && choose.getStep() == "best"))
        kind = Kind::Wide;
      else if (choose)
        kind = Kind::Joined;
    });
  return kind;
}

/// Of one region, as phirt::abi::Region says it.
struct Described {
  Kind kind;
  int64_t stage;
};
using Table = SmallVector<Described>;

/// The functions of a pass, cut.
class Cutter {
public:
  explicit Cutter(ModuleOp module) : symbols(module) {}

  /// Gives the regions of `function`, whose numbers begin with its argument, or 0.
  const Table &cut(func::FuncOp function, bool hasBase) {
    auto [known, isNew] = tables.try_emplace(function.getName());
    if (!isNew)
      return known->second;
    Table table;
    cuda::RegionValues values(function, hasBase);
    cutBlock(function.getBody().front(), values, table);
    nameStages(table);
    return tables[function.getName()] = std::move(table);
  }

private:
  void cutBlock(Block &block, cuda::RegionValues &values, Table &table) {
    SmallVector<Operation *> work;
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (auto call = dyn_cast<func::CallOp>(op); call && call.getCallee() == kBarrier)
        endRegion(call, work, values, table);
      else if (calls(&op, kStage) && !calls(&op, kBarrier))
        stageEnds(op, table);
      else if (isNested(op))
        cutNested(op, work, values, table);
      else if (isa<scf::WhileOp, scf::ForOp, scf::IfOp>(op))
        work.push_back(&op);
    }
    values.guard(work, table.size());
  }

  func::FuncOp layerCalledBy(func::CallOp call) {
    auto function = symbols.lookup<func::FuncOp>(call.getCallee());
    return function && !function.isExternal() && calls(function, kBarrier) ? function : nullptr;
  }

  bool isNested(Operation &op) {
    return op
        .walk([&](func::CallOp call) {
          bool meets = call.getCallee() == kBarrier || layerCalledBy(call);
          return meets ? WalkResult::interrupt() : WalkResult::advance();
        })
        .wasInterrupted();
  }

  void endRegion(func::CallOp barrier, SmallVector<Operation *> &work, cuda::RegionValues &values,
                 Table &table) {
    Kind kind = kindOf(work);
    if (kind != Kind::Wide)
      values.narrow(work);
    work.push_back(values.end(barrier, table.size(), kind == Kind::Wide));
    values.guard(work, table.size());
    table.push_back({kind, -1});
  }

  void cutNested(Operation &op, SmallVector<Operation *> &work, cuda::RegionValues &values,
                 Table &table) {
    values.guard(work, table.size());
    if (auto call = dyn_cast<func::CallOp>(op))
      cutCall(call, 1, Value(), values, table);
    else if (auto branch = dyn_cast<scf::IfOp>(op))
      cutBranches(branch, values, table);
    else if (auto loop = dyn_cast<scf::ForOp>(op))
      cutLoop(loop, values, table);
  }

  /// A layer; `times` of them, of which `index` counts, one after the other.
  void cutCall(func::CallOp call, int64_t times, Value index, cuda::RegionValues &values,
               Table &table) {
    func::FuncOp layer = layerCalledBy(call);
    Table regions = cut(layer, /*hasBase=*/true);
    values.pass(call, table.size(), regions.size(), index);
    for (int64_t i = 0; i < times; ++i)
      table.append(regions);
  }

  /// Regions of either branch have the same numbers.
  void cutBranches(scf::IfOp branch, cuda::RegionValues &values, Table &table) {
    Table other = table;
    cutBlock(branch.getThenRegion().front(), values, table);
    if (!branch.getElseRegion().empty())
      cutBlock(branch.getElseRegion().front(), values, other);
    for (auto [one, another] : llvm::zip(table, other))
      if (one.kind != another.kind) {
        branch.emitOpError("has regions of the same number but of different kinds");
        hasProblem = true;
      }
    if (other.size() > table.size())
      table.append(other.begin() + table.size(), other.end());
  }

  void cutLoop(scf::ForOp loop, cuda::RegionValues &values, Table &table) {
    auto layers = loop.getBody()->getOps<func::CallOp>();
    std::optional<APInt> count = loop.getStaticTripCount();
    if (layers.empty() || !count || !layerCalledBy(*layers.begin()))
      return cutBlock(*loop.getBody(), values, table); // rounds that one launch runs
    if (getConstantIntValue(loop.getLowerBound()) != 0 ||
        getConstantIntValue(loop.getStep()) != 1 || llvm::range_size(layers) != 1) {
      loop.emitOpError("over layers is expected to call one, and to count from 0 by 1");
      hasProblem = true;
    }
    size_t first = table.size();
    cutCall(*layers.begin(), count->getSExtValue(), loop.getInductionVar(), values, table);
    values.startAt(loop, first, (table.size() - first) / count->getSExtValue());
  }

  /// The stage of all regions since the one before ended.
  static void stageEnds(Operation &op, Table &table) {
    op.walk([&](func::CallOp call) {
      APInt number;
      if (call.getCallee() == kStage && matchPattern(call.getOperand(1), m_ConstantInt(&number)))
        for (Described &region : llvm::reverse(table)) {
          if (region.stage >= 0)
            break;
          region.stage = number.getSExtValue();
        }
    });
  }

  /// What no stage has told of.
  static void nameStages(Table &table) {
    for (Described &region : table)
      region.stage = std::max<int64_t>(region.stage, 0);
  }

public:
  bool hasProblem = false; ///< of which an error tells

private:
  SymbolTable symbols;
  llvm::StringMap<Table> tables;
};

/// phi.regions = [kind, stage, kind, stage, ...].
void note(ModuleOp module, const Table &table) {
  SmallVector<int64_t> numbers;
  for (const Described &region : table)
    numbers.append({static_cast<int64_t>(region.kind), region.stage});
  module->setAttr("phi.regions", Builder(module.getContext()).getDenseI64ArrayAttr(numbers));
}

struct CudaCutLaunches : impl::CudaCutLaunchesPassBase<CudaCutLaunches> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto forward = module.lookupSymbol<func::FuncOp>("forward");
    if (!forward || forward.isExternal())
      return;
    cuda::RegionValues::declare(module);
    Cutter cutter(module);
    note(module, cutter.cut(forward, /*hasBase=*/false));
    if (cutter.hasProblem)
      signalPassFailure();
  }
};

} // namespace
} // namespace phidias
