// A pass that is given a choice ends with it: two regions for a greedy one; rounds for each cut, weights and draw for a drawn one.
// RUN: phidias-opt %s --phi-assign-layout=panels=true --phi-schedule --phi-plan-arena=max-tokens=20 --phi-tile=chooses=true | FileCheck %s -enable-var-scope
// Without the option there is none.
// RUN: phidias-opt %s --phi-assign-layout=panels=true --phi-schedule --phi-plan-arena=max-tokens=20 --phi-tile | FileCheck %s --check-prefix=NONE
// NONE-NOT: phi.tile_choose

// CHECK: name = "choose", rows = 1 : i64}]
module attributes {phi.machine = #phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = true>} {
  phi.weight @embed : tensor<97x64xbf16> = [#phi.part<97 x "bf16">] at dense<0> : tensor<1x1x2xi64>

  // CHECK: func.func @forward({{.*}} %[[CHOICE:arg17]]: memref<?xi8>)
  func.func @forward(%tokens: tensor<?xi32>, %at: index, %long: i1, %rows: index, %cache: !phi.cache<2 x 2 x 16 x f16>)
      -> (tensor<?x97xf32>, !phi.cache<2 x 2 x 16 x f16>) {
    %x = phi.stage "embed" : tensor<?x64xf32> {
      %e = phi.embed %tokens, @embed : tensor<?xi32> -> tensor<?x64xf32>
      phi.stage_yield %e : tensor<?x64xf32>
    }
    // CHECK: %[[ADDRESS:.*]] = memref.extract_aligned_pointer_as_index %[[CHOICE]]
    // CHECK: %[[ASKED:.*]] = arith.cmpi ne, %[[ADDRESS]]
    // CHECK: scf.if %[[ASKED]] {
    // CHECK: phi.tile_choose "best"
    // CHECK: phi.tile_choose "begin"
    // CHECK: scf.if
    // CHECK: scf.for
    // CHECK: phi.tile_choose "narrow"
    // CHECK: phi.tile_choose "weigh"
    // CHECK: phi.tile_choose "draw"
    %logits = phi.stage "head" : tensor<?x97xf32> {
      %l = phi.logits %x, @embed last %rows : tensor<?x64xf32> -> tensor<?x97xf32>
      phi.stage_yield %l : tensor<?x97xf32>
    }
    return %logits, %cache : tensor<?x97xf32>, !phi.cache<2 x 2 x 16 x f16>
  }
}
