// The cache's element type changes wherever a value has it: arguments, bodies, stages, results.
// RUN: phidias-opt %s --phi-quantize-cache=element=int8 | FileCheck %s -DT=i8
// RUN: phidias-opt %s --phi-quantize-cache | FileCheck %s -DT=f16
// RUN: phidias-opt %s --phi-quantize-cache=element=f32 | FileCheck %s -DT=f32
// RUN: not phidias-opt %s --phi-quantize-cache=element=i4 2>&1 | FileCheck %s --check-prefix=WRONG
// WRONG: error: element of the cache must be f32, f16 or int8, got i4
// RUN: sed 's/x 32 x f32/x 16 x f32/g' %s | not phidias-opt --phi-quantize-cache=element=int8 2>&1 | FileCheck %s --check-prefix=ODD
// ODD: error: i8 needs heads of a multiple of 32 channels, got 16

phi.weight @e : tensor<97x96xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
// CHECK: func.func @forward({{.*}}: !phi.cache<2 x 1 x 32 x [[T]]>) -> !phi.cache<2 x 1 x 32 x [[T]]>
func.func @forward(%tokens: tensor<?xi32>, %at: index, %cache: !phi.cache<2 x 1 x 32 x f32>) -> !phi.cache<2 x 1 x 32 x f32> {
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x96xf32>
  // CHECK: phi.layers {{.*}} : tensor<?x96xf32>, <2 x 1 x 32 x [[T]]>
  // CHECK-NEXT: ^bb0({{.*}}: !phi.cache<2 x 1 x 32 x [[T]]>)
  %y, %c1 = phi.layers order [0, 0] (%x, %cache) : tensor<?x96xf32>, !phi.cache<2 x 1 x 32 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x96xf32>, %c: !phi.cache<2 x 1 x 32 x f32>):
    // CHECK: phi.stage "s" : !phi.cache<2 x 1 x 32 x [[T]]>
    %0 = phi.stage "s" : !phi.cache<2 x 1 x 32 x f32> {
      // CHECK: phi.cache_append {{.*}} : tensor<?x96xf32>, <2 x 1 x 32 x [[T]]>
      %1 = phi.cache_append %h, %c[%layer] at %at : tensor<?x96xf32>, !phi.cache<2 x 1 x 32 x f32>
      // CHECK: phi.stage_yield {{.*}} : !phi.cache<2 x 1 x 32 x [[T]]>
      phi.stage_yield %1 : !phi.cache<2 x 1 x 32 x f32>
    }
    phi.yield %h, %0 : tensor<?x96xf32>, !phi.cache<2 x 1 x 32 x f32>
  }
  // CHECK: return %{{.*}} : !phi.cache<2 x 1 x 32 x [[T]]>
  return %c1 : !phi.cache<2 x 1 x 32 x f32>
}
