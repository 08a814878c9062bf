// Bodies of phi.layers lie above all that their function holds, each from the same byte on: only one runs at a time.
// RUN: phidias-opt %s --phi-plan-arena=max-tokens=2 | FileCheck %s

// Rows of 16 f32, 2 tokens: 128 bytes. The function holds two at a time, the larger body two more.
// CHECK: module attributes {phi.arena_bytes = 512 : i64, phi.max_tokens = 2 : i64}
// CHECK-LABEL: func.func @layers
func.func @layers(%x: tensor<?x16xf32>, %cache: !phi.cache<2 x 1 x 8 x f32>) {
  // CHECK: phi.add {{.*}} {arena_offset = 0 : i64}
  %0 = phi.add %x, %x : tensor<?x16xf32>
  // Nothing else reads the input: the layers work in its place.
  // CHECK: phi.layers {{.*}} {arena_offset = 0 : i64}
  %1, %2 = phi.layers order [0, 1] (%0, %cache) : tensor<?x16xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x16xf32>, %c: !phi.cache<2 x 1 x 8 x f32>):
    // CHECK: phi.add {{.*}} {arena_offset = 256 : i64}
    %3 = phi.add %h, %h : tensor<?x16xf32>
    // CHECK: phi.add {{.*}} {arena_offset = 384 : i64}
    %4 = phi.add %h, %3 : tensor<?x16xf32>
    // CHECK: phi.yield
    phi.yield %4, %c : tensor<?x16xf32>, !phi.cache<2 x 1 x 8 x f32>
  }, {
  ^bb0(%layer: index, %member: index, %h: tensor<?x16xf32>, %c: !phi.cache<2 x 1 x 8 x f32>):
    // CHECK: phi.add {{.*}} {arena_offset = 256 : i64}
    %5 = phi.add %h, %h : tensor<?x16xf32>
    phi.yield %5, %c : tensor<?x16xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  // CHECK: phi.add {{.*}} {arena_offset = 128 : i64}
  %6 = phi.add %1, %1 : tensor<?x16xf32>
  return
}

// CHECK-LABEL: func.func @input_is_read_later
func.func @input_is_read_later(%x: tensor<?x16xf32>, %cache: !phi.cache<2 x 1 x 8 x f32>) {
  // CHECK: phi.add {{.*}} {arena_offset = 0 : i64}
  %0 = phi.add %x, %x : tensor<?x16xf32>
  // CHECK: phi.layers {{.*}} {arena_offset = 128 : i64}
  %1, %2 = phi.layers order [0, 0] (%0, %cache) : tensor<?x16xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x16xf32>, %c: !phi.cache<2 x 1 x 8 x f32>):
    phi.yield %h, %c : tensor<?x16xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  // CHECK: phi.add {{.*}} {arena_offset = 256 : i64}
  %3 = phi.add %0, %1 : tensor<?x16xf32>
  return
}
