// Round trip of phi.stage and phi.stage_yield, with and without a schedule; a stage may give several values.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s

phi.weight @o : tensor<8x8xf32> = [#phi.part<8 x "f32">] at dense<0> : tensor<1x1x2xi64>

// CHECK-LABEL: @residual
func.func @residual(%x: tensor<?x8xf32>, %y: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK: phi.stage "o" schedule <streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 512> : tensor<?x8xf32> {
  // CHECK:   phi.stage_yield %{{.*}} : tensor<?x8xf32>
  %0 = phi.stage "o" schedule <streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 512> : tensor<?x8xf32> {
    %1 = phi.linear %y, @o : tensor<?x8xf32> -> tensor<?x8xf32>
    %2 = phi.add %x, %1 : tensor<?x8xf32>
    phi.stage_yield %2 : tensor<?x8xf32>
  }
  return %0 : tensor<?x8xf32>
}

// CHECK-LABEL: @two
func.func @two(%x: tensor<?x8xf32>, %c: !phi.cache<1 x 1 x 8 x f16>) -> (tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f16>) {
  // CHECK: %[[BOTH:.*]]:2 = phi.stage "two" {arena_offset = 64 : i64} : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f16> {
  // CHECK:   phi.stage_yield %{{.*}}, %{{.*}} : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f16>
  %0:2 = phi.stage "two" {arena_offset = 64 : i64} : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f16> {
    phi.stage_yield %x, %c : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f16>
  }
  // CHECK: return %[[BOTH]]#0, %[[BOTH]]#1
  return %0#0, %0#1 : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f16>
}
