// Each fusion declines where it must and says why; what it leaves becomes a stage of its own.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics --phi-fuse-qkv --phi-fuse-gate-up --phi-fuse-residual --phi-fuse-head --phi-outline-stages | FileCheck %s

// qkv: something else reads the norm. The linear may still feed a stage of its own.
// CHECK-LABEL: @norm_is_read
phi.weight @n : tensor<1x64xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<1x1x2xi64>
phi.weight @w : tensor<64x64xf32> = [#phi.part<64 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @norm_is_read(%x: tensor<?x64xf32>, %c: !phi.cache<1 x 1 x 16 x f32>, %i: index, %long: i1)
    -> (tensor<?x64xf32>, !phi.cache<1 x 1 x 16 x f32>) {
  // CHECK: phi.stage "rms_norm"
  // CHECK: phi.stage "linear"
  // CHECK: phi.stage "rope"
  // CHECK: phi.stage "cache_append" : !phi.cache
  %0 = phi.rms_norm %x, @n eps 1.0e-5 : tensor<?x64xf32>
  %1 = phi.linear %0, @w : tensor<?x64xf32> -> tensor<?x64xf32>
  %2 = phi.rope %1 at %i, %long heads 3 of 16 short dense<1.0> : tensor<8xf32> scale 1.0 : tensor<?x64xf32>
  // expected-remark @below {{not fused: the result of phi.rms_norm has 2 readers}}
  %3 = phi.cache_append %2, %c[%i] at %i : tensor<?x64xf32>, !phi.cache<1 x 1 x 16 x f32>
  return %0, %3 : tensor<?x64xf32>, !phi.cache<1 x 1 x 16 x f32>
}

// -----

// qkv: no rope, as where the rows come from elsewhere.
// CHECK-LABEL: @no_rope
func.func @no_rope(%x: tensor<?x64xf32>, %c: !phi.cache<1 x 1 x 16 x f32>, %i: index) -> !phi.cache<1 x 1 x 16 x f32> {
  // CHECK: phi.stage "cache_append"
  // expected-remark @below {{not fused: its rows are not made by phi.rope}}
  %0 = phi.cache_append %x, %c[%i] at %i : tensor<?x64xf32>, !phi.cache<1 x 1 x 16 x f32>
  return %0 : !phi.cache<1 x 1 x 16 x f32>
}

// -----

// qkv: the rope's input is no linear.
func.func @no_linear(%x: tensor<?x64xf32>, %c: !phi.cache<1 x 1 x 16 x f32>, %i: index, %long: i1)
    -> !phi.cache<1 x 1 x 16 x f32> {
  %0 = phi.rope %x at %i, %long heads 3 of 16 short dense<1.0> : tensor<8xf32> scale 1.0 : tensor<?x64xf32>
  // expected-remark @below {{not fused: its input is not made by phi.linear}}
  %1 = phi.cache_append %0, %c[%i] at %i : tensor<?x64xf32>, !phi.cache<1 x 1 x 16 x f32>
  return %1 : !phi.cache<1 x 1 x 16 x f32>
}

// -----

// qkv: the rotated rows are read before the append, where the stage stands.
phi.weight @n : tensor<1x64xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<1x1x2xi64>
phi.weight @w : tensor<64x64xf32> = [#phi.part<64 x "f32">] at dense<0> : tensor<1x1x2xi64>
// CHECK-LABEL: @read_early
func.func @read_early(%x: tensor<?x64xf32>, %c: !phi.cache<1 x 1 x 16 x f32>, %i: index, %long: i1)
    -> (tensor<?x32xf32>, !phi.cache<1 x 1 x 16 x f32>) {
  // CHECK-NOT: phi.stage "qkv"
  %0 = phi.rms_norm %x, @n eps 1.0e-5 : tensor<?x64xf32>
  %1 = phi.linear %0, @w : tensor<?x64xf32> -> tensor<?x64xf32>
  %2 = phi.rope %1 at %i, %long heads 3 of 16 short dense<1.0> : tensor<8xf32> scale 1.0 : tensor<?x64xf32>
  %3 = phi.attention %2, %c[%i] at %i heads 2 scale 0.25 : tensor<?x64xf32>, !phi.cache<1 x 1 x 16 x f32> -> tensor<?x32xf32>
  // expected-remark @below {{not fused: phi.rope is read before the end of the stage}}
  %4 = phi.cache_append %2, %c[%i] at %i : tensor<?x64xf32>, !phi.cache<1 x 1 x 16 x f32>
  return %3, %4 : tensor<?x32xf32>, !phi.cache<1 x 1 x 16 x f32>
}

// -----

// gate_up: 24 rows of the gate end in the middle of a panel.
phi.weight @n : tensor<1x64xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<1x1x2xi64>
phi.weight @w : tensor<48x64xf32> = [#phi.part<48 x "f32">] at dense<0> : tensor<1x1x2xi64>
// CHECK-LABEL: @odd_gate
func.func @odd_gate(%x: tensor<?x64xf32>) -> tensor<?x24xf32> {
  // CHECK: phi.stage "rms_norm"
  // CHECK: phi.stage "linear"
  // CHECK: phi.stage "swiglu"
  %0 = phi.rms_norm %x, @n eps 1.0e-5 : tensor<?x64xf32>
  %1 = phi.linear %0, @w : tensor<?x64xf32> -> tensor<?x48xf32>
  // expected-remark @below {{not fused: 24 rows of the gate do not divide by 16}}
  %2 = phi.swiglu %1 : tensor<?x48xf32> -> tensor<?x24xf32>
  return %2 : tensor<?x24xf32>
}

// -----

// gate_up: the linear has another reader.
phi.weight @n : tensor<1x64xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<1x1x2xi64>
phi.weight @w : tensor<32x64xf32> = [#phi.part<32 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @gate_is_read(%x: tensor<?x64xf32>) -> (tensor<?x32xf32>, tensor<?x16xf32>) {
  %0 = phi.rms_norm %x, @n eps 1.0e-5 : tensor<?x64xf32>
  %1 = phi.linear %0, @w : tensor<?x64xf32> -> tensor<?x32xf32>
  // expected-remark @below {{not fused: the result of phi.linear has 2 readers}}
  %2 = phi.swiglu %1 : tensor<?x32xf32> -> tensor<?x16xf32>
  return %1, %2 : tensor<?x32xf32>, tensor<?x16xf32>
}

// -----

// residual: the product has another reader.
phi.weight @w : tensor<64x64xf32> = [#phi.part<64 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @product_is_read(%x: tensor<?x64xf32>) -> (tensor<?x64xf32>, tensor<?x64xf32>) {
  %0 = phi.linear %x, @w : tensor<?x64xf32> -> tensor<?x64xf32>
  // expected-remark @below {{not fused: the result of phi.linear has 2 readers}}
  %1 = phi.add %x, %0 : tensor<?x64xf32>
  return %0, %1 : tensor<?x64xf32>, tensor<?x64xf32>
}

// -----

// residual: there is no linear.
// CHECK-LABEL: @plain_sum
func.func @plain_sum(%x: tensor<?x64xf32>, %y: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: phi.stage "add"
  // expected-remark @below {{not fused: its input is not made by phi.linear}}
  %0 = phi.add %x, %y : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}

// -----

// residual: a linear that is added to itself is read twice.
phi.weight @w : tensor<64x64xf32> = [#phi.part<64 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @doubled(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %0 = phi.linear %x, @w : tensor<?x64xf32> -> tensor<?x64xf32>
  // expected-remark @below {{not fused: the result of phi.linear has 2 readers}}
  %1 = phi.add %0, %0 : tensor<?x64xf32>
  return %1 : tensor<?x64xf32>
}

// -----

// head: the normalised rows have another reader; the logits stay a stage of their own.
phi.weight @n : tensor<1x64xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<1x1x2xi64>
phi.weight @e : tensor<97x64xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
// CHECK-LABEL: @norm_leaves
func.func @norm_leaves(%x: tensor<?x64xf32>, %rows: index) -> (tensor<?x64xf32>, tensor<?x97xf32>) {
  // CHECK: phi.stage "rms_norm"
  // CHECK: phi.stage "logits"
  %0 = phi.rms_norm %x, @n eps 1.0e-5 : tensor<?x64xf32>
  // expected-remark @below {{not fused: the result of phi.rms_norm has 2 readers}}
  %1 = phi.logits %0, @e last %rows : tensor<?x64xf32> -> tensor<?x97xf32>
  return %0, %1 : tensor<?x64xf32>, tensor<?x97xf32>
}
