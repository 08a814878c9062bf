// Without a plan of the arena every value would lie in the logits: the lowering asks for the plan.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics --phi-lower-to-loops

// expected-error @below {{has no arena: run phi-plan-arena first}}
module {
  func.func @f(%tokens: tensor<?xi32>) {
    return
  }
}
