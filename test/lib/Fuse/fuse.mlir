// Every fusion of a layer and of the head fires: five stages a layer, in order, with what they yield.
// RUN: phidias-opt %s --phi-fuse-qkv --phi-fuse-gate-up --phi-fuse-residual --phi-fuse-head --phi-outline-stages | FileCheck %s

phi.weight @embed : tensor<97x64xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
phi.weight @norm : 2 x tensor<1x64xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<2x1x2xi64>
phi.weight @qkv : 2 x tensor<128x64xf32> = [#phi.part<128 x "f32">] at dense<0> : tensor<2x1x2xi64>
phi.weight @o : 2 x tensor<64x64xf32> = [#phi.part<64 x "f32">] at dense<0> : tensor<2x1x2xi64>
phi.weight @gate_up : 2 x tensor<192x64xf32> = [#phi.part<192 x "f32">] at dense<0> : tensor<2x1x2xi64>
phi.weight @down : 2 x tensor<64x96xf32> = [#phi.part<64 x "f32">] at dense<0> : tensor<2x1x2xi64>
phi.weight @last_norm : tensor<1x64xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<1x1x2xi64>

func.func @forward(%tokens: tensor<?xi32>, %at: index, %long: i1, %rows: index, %cache: !phi.cache<2 x 2 x 16 x f16>)
    -> (tensor<?x97xf32>, !phi.cache<2 x 2 x 16 x f16>) {
  // CHECK: %[[X:.*]] = phi.stage "embed" : tensor<?x64xf32> {
  // CHECK-NEXT: %[[EMBED:.*]] = phi.embed
  // CHECK-NEXT: phi.stage_yield %[[EMBED]] : tensor<?x64xf32>
  %x = phi.embed %tokens, @embed : tensor<?xi32> -> tensor<?x64xf32>
  // CHECK: phi.layers order [0, 0] (%[[X]], %{{.*}})
  // CHECK-NEXT: ^bb0(%[[LAYER:.*]]: index, %[[MEMBER:.*]]: index, %[[H:.*]]: tensor<?x64xf32>, %[[C:.*]]: !phi.cache
  %y, %c1 = phi.layers order [0, 0] (%x, %cache) : tensor<?x64xf32>, !phi.cache<2 x 2 x 16 x f16> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x64xf32>, %c: !phi.cache<2 x 2 x 16 x f16>):
    // Both the rotated rows and the cache leave the stage.
    // CHECK-NEXT: %[[QKV:.*]]:2 = phi.stage "qkv" : tensor<?x128xf32>, !phi.cache<2 x 2 x 16 x f16> {
    // CHECK-NEXT:   %[[NORM:.*]] = phi.rms_norm %[[H]], @norm[%[[MEMBER]]]
    // CHECK-NEXT:   %[[LINEAR:.*]] = phi.linear %[[NORM]], @qkv[%[[MEMBER]]]
    // CHECK-NEXT:   %[[ROPE:.*]] = phi.rope %[[LINEAR]]
    // CHECK-NEXT:   %[[APPEND:.*]] = phi.cache_append %[[ROPE]], %[[C]][%[[LAYER]]]
    // CHECK-NEXT:   phi.stage_yield %[[ROPE]], %[[APPEND]]
    // CHECK-NEXT: }
    %0 = phi.rms_norm %h, @norm[%member] eps 1.0e-5 : tensor<?x64xf32>
    %1 = phi.linear %0, @qkv[%member] : tensor<?x64xf32> -> tensor<?x128xf32>
    %2 = phi.rope %1 at %at, %long heads 6 of 16 short dense<1.0> : tensor<8xf32> scale 1.0 : tensor<?x128xf32>
    %3 = phi.cache_append %2, %c[%layer] at %at : tensor<?x128xf32>, !phi.cache<2 x 2 x 16 x f16>
    // CHECK-NEXT: %[[ATTENTION:.*]] = phi.stage "attention" : tensor<?x64xf32> {
    // CHECK-NEXT:   phi.attention %[[QKV]]#0, %[[QKV]]#1[%[[LAYER]]]
    %4 = phi.attention %2, %3[%layer] at %at heads 4 scale 0.25
      : tensor<?x128xf32>, !phi.cache<2 x 2 x 16 x f16> -> tensor<?x64xf32>
    // CHECK: %[[O:.*]] = phi.stage "o" : tensor<?x64xf32> {
    // CHECK-NEXT:   %[[PRODUCT:.*]] = phi.linear %[[ATTENTION]], @o[%[[MEMBER]]]
    // CHECK-NEXT:   %[[SUM:.*]] = phi.add %[[H]], %[[PRODUCT]]
    // CHECK-NEXT:   phi.stage_yield %[[SUM]]
    %5 = phi.linear %4, @o[%member] : tensor<?x64xf32> -> tensor<?x64xf32>
    %6 = phi.add %h, %5 : tensor<?x64xf32>
    // CHECK: %[[GATED:.*]] = phi.stage "gate_up" : tensor<?x96xf32> {
    // CHECK-NEXT:   %[[NORM2:.*]] = phi.rms_norm %[[O]]
    // CHECK-NEXT:   %[[LINEAR2:.*]] = phi.linear %[[NORM2]], @gate_up[%[[MEMBER]]]
    // CHECK-NEXT:   %[[SWIGLU:.*]] = phi.swiglu %[[LINEAR2]]
    // CHECK-NEXT:   phi.stage_yield %[[SWIGLU]]
    %7 = phi.rms_norm %6, @norm[%member] eps 1.0e-5 : tensor<?x64xf32>
    %8 = phi.linear %7, @gate_up[%member] : tensor<?x64xf32> -> tensor<?x192xf32>
    %9 = phi.swiglu %8 : tensor<?x192xf32> -> tensor<?x96xf32>
    // The sum may have the product on either side.
    // CHECK: %[[DOWN:.*]] = phi.stage "down" : tensor<?x64xf32> {
    // CHECK-NEXT:   %[[PRODUCT2:.*]] = phi.linear %[[GATED]], @down[%[[MEMBER]]]
    // CHECK-NEXT:   phi.add %[[PRODUCT2]], %[[O]]
    %10 = phi.linear %9, @down[%member] : tensor<?x96xf32> -> tensor<?x64xf32>
    %11 = phi.add %10, %6 : tensor<?x64xf32>
    // CHECK: phi.yield %[[DOWN]], %[[QKV]]#1
    phi.yield %11, %3 : tensor<?x64xf32>, !phi.cache<2 x 2 x 16 x f16>
  }
  // CHECK: phi.stage "head" : tensor<?x97xf32> {
  // CHECK-NEXT: %[[LAST:.*]] = phi.rms_norm %{{.*}}, @last_norm
  // CHECK-NEXT: %[[LOGITS:.*]] = phi.logits %[[LAST]], @embed
  // CHECK-NEXT: phi.stage_yield %[[LOGITS]]
  %z = phi.rms_norm %y, @last_norm eps 1.0e-5 : tensor<?x64xf32>
  %logits = phi.logits %z, @embed last %rows : tensor<?x64xf32> -> tensor<?x97xf32>
  return %logits, %c1 : tensor<?x97xf32>, !phi.cache<2 x 2 x 16 x f16>
}
