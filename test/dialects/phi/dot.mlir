// Round trip of phi.dot, phi.dot_matrix, phi.dot_bf16, phi.lookup and phi.rescale.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s

// CHECK-LABEL: @dot
func.func @dot(%acc: vector<16xi32>, %codes: vector<64xi8>, %values: vector<64xi8>) -> vector<16xi32> {
  // CHECK: phi.dot %{{.*}}, %{{.*}}, %{{.*}} max 255 : vector<16xi32>, vector<64xi8>
  %0 = phi.dot %acc, %codes, %values max 255 : vector<16xi32>, vector<64xi8>
  return %0 : vector<16xi32>
}

// CHECK-LABEL: @signed
func.func @signed(%acc: vector<4xi32>, %codes: vector<16xi8>) -> vector<4xi32> {
  // CHECK: phi.dot %{{.*}}, %{{.*}}, %{{.*}} max 128 signed_codes : vector<4xi32>, vector<16xi8>
  %0 = phi.dot %acc, %codes, %codes max 128 signed_codes : vector<4xi32>, vector<16xi8>
  // CHECK: phi.dot_matrix %{{.*}}, %{{.*}}, %{{.*}} max 15 : vector<4xi32>, vector<16xi8>
  %1 = phi.dot_matrix %0, %codes, %codes max 15 : vector<4xi32>, vector<16xi8>
  return %1 : vector<4xi32>
}

// CHECK-LABEL: @bf16
func.func @bf16(%acc: vector<16xf32>, %a: vector<32xbf16>, %b: vector<32xbf16>) -> vector<16xf32> {
  // CHECK: phi.dot_bf16 %{{.*}}, %{{.*}}, %{{.*}} : vector<16xf32>, vector<32xbf16>
  %0 = phi.dot_bf16 %acc, %a, %b : vector<16xf32>, vector<32xbf16>
  return %0 : vector<16xf32>
}

// CHECK-LABEL: @lookup
func.func @lookup(%codes: vector<32xi8>) -> vector<32xi8> {
  // CHECK: phi.lookup %{{.*}}, [-1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] : vector<32xi8>
  %0 = phi.lookup %codes, [-1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] : vector<32xi8>
  return %0 : vector<32xi8>
}

// CHECK-LABEL: @rescale
func.func @rescale(%codes: vector<32xi8>, %factors: vector<32xi8>) -> vector<32xi8> {
  // CHECK: phi.rescale %{{.*}}, %{{.*}} : vector<32xi8>
  %0 = phi.rescale %codes, %factors : vector<32xi8>
  return %0 : vector<32xi8>
}
