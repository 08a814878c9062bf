// Values that live at the same time get places that do not overlap; a place is used again once its value is dead.
// RUN: phidias-opt %s --phi-plan-arena=max-tokens=2 | FileCheck %s
// RUN: not phidias-opt %s --phi-plan-arena=max-tokens=0 2>&1 | FileCheck %s --check-prefix=ZERO

// ZERO: max-tokens must be at least 1, got 0

// Rows of 16 f32, 2 tokens: 128 bytes. Three places suffice.
// CHECK: module attributes {phi.arena_bytes = 384 : i64, phi.max_tokens = 2 : i64}
// CHECK-LABEL: func.func @chain
func.func @chain(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  // CHECK: phi.add {{.*}} {arena_offset = 0 : i64}
  %0 = phi.add %x, %x : tensor<?x16xf32>
  // CHECK: phi.add {{.*}} {arena_offset = 128 : i64}
  %1 = phi.add %0, %0 : tensor<?x16xf32>
  // CHECK: phi.add {{.*}} {arena_offset = 256 : i64}
  %2 = phi.add %0, %1 : tensor<?x16xf32>
  // The first place is free again.
  // CHECK: phi.add {{.*}} {arena_offset = 0 : i64}
  %3 = phi.add %2, %2 : tensor<?x16xf32>
  // What is returned lies in the caller's buffer.
  // CHECK: phi.add
  // CHECK-NOT: arena_offset
  // CHECK-SAME: : tensor
  %4 = phi.add %3, %3 : tensor<?x16xf32>
  return %4 : tensor<?x16xf32>
}
