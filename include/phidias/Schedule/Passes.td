#ifndef PHIDIAS_SCHEDULE_PASSES
#define PHIDIAS_SCHEDULE_PASSES
include "mlir/Pass/PassBase.td"

def SchedulePass : Pass<"phi-schedule", "::mlir::ModuleOp"> {
  let summary = "decide how every stage is cut into tiles";
  let description = [{
    Sets `schedule` on each `phi.stage` that multiplies with a weight: the default for the module's `phi.machine`, or what
    the file `overrides` says. A line of that file is a stage's name (or `*`) and the fields that differ:

    ```text
    gate_up  streams = 4, prefetch = 16
    *        tokens = 4, panels = 2, chunk = 512
    ```

    Fails where a schedule does not fit the stage or the machine: more registers than there are, an unpacked tile larger
    than the first cache, a gated stage with an odd number of panels.
  }];
  let options = [Option<"overrides", "overrides", "std::string", "\"\"", "file with schedules by stage">];
}
#endif
