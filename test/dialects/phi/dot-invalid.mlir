// Each constraint of phi.dot, phi.dot_matrix, phi.dot_bf16, phi.lookup and phi.rescale.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @c1(%acc: vector<8xi32>, %codes: vector<16xi8>) -> vector<8xi32> {
  // expected-error @below {{codes must have 32 lanes, got 16}}
  %0 = phi.dot %acc, %codes, %codes max 15 : vector<8xi32>, vector<16xi8>
  return %0 : vector<8xi32>
}

// -----

func.func @c2(%acc: vector<8xi32>, %codes: vector<32xi8>) -> vector<8xi32> {
  // expected-error @below {{max must be 1 to 255, got 0}}
  %0 = phi.dot %acc, %codes, %codes max 0 : vector<8xi32>, vector<32xi8>
  return %0 : vector<8xi32>
}

// -----

func.func @c2(%acc: vector<8xi32>, %codes: vector<32xi8>) -> vector<8xi32> {
  // expected-error @below {{max must be 1 to 255, got 256}}
  %0 = phi.dot %acc, %codes, %codes max 256 : vector<8xi32>, vector<32xi8>
  return %0 : vector<8xi32>
}

// -----

func.func @c2_signed(%acc: vector<8xi32>, %codes: vector<32xi8>) -> vector<8xi32> {
  // expected-error @below {{max must be 1 to 128, got 129}}
  %0 = phi.dot %acc, %codes, %codes max 129 signed_codes : vector<8xi32>, vector<32xi8>
  return %0 : vector<8xi32>
}

// -----

func.func @matrix_c1(%acc: vector<4xi32>, %codes: vector<16xi8>) -> vector<4xi32> {
  // expected-error @below {{max must be 1 to 255, got 256}}
  %0 = phi.dot_matrix %acc, %codes, %codes max 256 : vector<4xi32>, vector<16xi8>
  return %0 : vector<4xi32>
}

// -----

func.func @bf16_c1(%acc: vector<8xf32>, %a: vector<8xbf16>) -> vector<8xf32> {
  // expected-error @below {{factors must have 16 lanes, got 8}}
  %0 = phi.dot_bf16 %acc, %a, %a : vector<8xf32>, vector<8xbf16>
  return %0 : vector<8xf32>
}

// -----

func.func @lookup_table(%codes: vector<16xi8>) -> vector<16xi8> {
  // expected-error @below {{table must have 16 entries, got 2}}
  %0 = phi.lookup %codes, [1, 2] : vector<16xi8>
  return %0 : vector<16xi8>
}

// -----

func.func @lookup_codes(%codes: vector<24xi8>) -> vector<24xi8> {
  // expected-error @below {{the number of codes must divide by 16, got 24}}
  %0 = phi.lookup %codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] : vector<24xi8>
  return %0 : vector<24xi8>
}

// -----

func.func @rescale_codes(%codes: vector<24xi8>) -> vector<24xi8> {
  // expected-error @below {{the number of codes must divide by 16, got 24}}
  %0 = phi.rescale %codes, %codes : vector<24xi8>
  return %0 : vector<24xi8>
}
