#ifndef PHIDIAS_FUSE_PASSES
#define PHIDIAS_FUSE_PASSES
include "mlir/Pass/PassBase.td"

def FuseQkvPass : Pass<"phi-fuse-qkv", "::mlir::ModuleOp"> {
  let summary = "norm, qkv, rope and cache append become one stage";
  let description = "Declines, with a remark, where a value between them is read by something else.";
}

def FuseGateUpPass : Pass<"phi-fuse-gate-up", "::mlir::ModuleOp"> {
  let summary = "norm, gate/up and SwiGLU become one stage";
  let description = [{
    Declines, with a remark, where a value between them is read by something else, or where the gate's rows do not divide
    by 16: gate and up then share a panel, and one thread would not have both.
  }];
}

def FuseResidualPass : Pass<"phi-fuse-residual", "::mlir::ModuleOp"> {
  let summary = "a linear and the addition of its result to the residual become one stage";
  let description = "Declines, with a remark, where the linear's result is read by something else.";
}

def FuseHeadPass : Pass<"phi-fuse-head", "::mlir::ModuleOp"> {
  let summary = "the last norm and the logits become one stage";
  let description = "Declines, with a remark, where the norm's result is read by something else.";
}

def OutlineStagesPass : Pass<"phi-outline-stages", "::mlir::ModuleOp"> {
  let summary = "each op that is left becomes a stage of its own";
  let description = "Runs last: what no fusion took (attention, embedding, whatever a fusion declined).";
}
#endif
