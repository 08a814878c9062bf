// phi-schedule: a schedule for every stage that multiplies with a weight.

#include "Defaults.h"
#include "Overrides.h"
#include "dialects/phi/Activations.h"
#include "phidias/Schedule/Passes.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace phidias;
using namespace phidias::schedule;

namespace phidias {
#define GEN_PASS_DEF_SCHEDULEPASS
#include "phidias/Schedule/Passes.h.inc"
} // namespace phidias

namespace {

struct Schedule : phidias::impl::SchedulePassBase<Schedule> {
  using SchedulePassBase::SchedulePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto machine = module->getAttrOfType<phi::MachineAttr>("phi.machine");
    if (!machine) {
      module.emitError("has no phi.machine");
      return signalPassFailure();
    }
    std::vector<Override> lines;
    if (!overrides.empty()) {
      auto read = readOverrides(overrides);
      if (!read) {
        module.emitError(llvm::toString(read.takeError()));
        return signalPassFailure();
      }
      lines = std::move(*read);
    }
    if (failed(scheduleAll(module, machine, lines)) || failed(checkNames(module, lines)))
      signalPassFailure();
  }

  static StringRef weightOf(phi::StageOp stage) {
    StringRef name;
    stage.walk([&](Operation *op) {
      if (isa<phi::LinearOp, phi::LogitsOp>(op))
        name = op->getAttrOfType<FlatSymbolRefAttr>("weight").getValue();
    });
    return name;
  }

  static LogicalResult scheduleAll(ModuleOp module, phi::MachineAttr machine,
                                   ArrayRef<Override> lines) {
    SymbolTable symbols(module);
    bool good = true;
    module.walk([&](phi::StageOp stage) {
      auto weight = symbols.lookup<phi::WeightOp>(weightOf(stage));
      if (!weight)
        return;
      Type element = weight.getTensorType().getElementType();
      bool gated = !stage.getBody().getOps<phi::SwiGluOp>().empty();
      StageShape shape{element, phi::activationFor(element, machine.getBf16()), gated};
      auto attr = applyOverrides(defaultFor(machine, shape), stage.getName(), lines);
      std::string problem = attr ? problemOf(attr, machine, shape) : "";
      if (!problem.empty())
        stage.emitError("schedule of stage \"") << stage.getName() << "\": " << problem;
      good &= attr && problem.empty();
      stage.setScheduleAttr(attr);
    });
    return success(good);
  }

  /// A name of no stage, or of one without a schedule, is a slip of the pen.
  static LogicalResult checkNames(ModuleOp module, ArrayRef<Override> lines) {
    llvm::StringMap<bool> isScheduled{{"*", true}};
    module.walk([&](phi::StageOp stage) {
      isScheduled[stage.getName()] |= static_cast<bool>(stage.getSchedule());
    });
    for (const Override &line : lines)
      if (!isScheduled.lookup(line.stage))
        return module.emitError("line ")
               << line.line << " of the schedules names stage \"" << line.stage << "\", which "
               << (isScheduled.contains(line.stage) ? "multiplies with no weight"
                                                    : "the model does not have");
    return success();
  }
};

} // namespace
