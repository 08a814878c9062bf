// phi.layers and phi.yield print as they parse, with one body and with two.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

// CHECK-LABEL: func.func @layers
func.func @layers(%x: tensor<?x8xf32>, %c: !phi.cache<2 x 1 x 8 x f32>) {
  // CHECK: %[[ROWS:.*]], %[[CACHE:.*]] = phi.layers order [0, 0] (%arg0, %arg1) : tensor<?x8xf32>, <2 x 1 x 8 x f32> {
  // CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[H:.*]]: tensor<?x8xf32>, %[[INNER:.*]]: !phi.cache<2 x 1 x 8 x f32>):
  // CHECK: phi.yield %[[H]], %[[INNER]] : tensor<?x8xf32>, <2 x 1 x 8 x f32>
  %0, %1 = phi.layers order [0, 0] (%x, %c) : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c0: !phi.cache<2 x 1 x 8 x f32>):
    phi.yield %h, %c0 : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  // CHECK: phi.layers order [1, 0] (%[[ROWS]], %[[CACHE]])
  // CHECK: phi.yield
  // CHECK: }, {
  // CHECK: phi.yield
  %2, %3 = phi.layers order [1, 0] (%0, %1) : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c0: !phi.cache<2 x 1 x 8 x f32>):
    phi.yield %h, %c0 : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32>
  }, {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c0: !phi.cache<2 x 1 x 8 x f32>):
    phi.yield %h, %c0 : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  return
}
