// Each numbered constraint of phi.weight, and of the attributes and types, is checked.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

// expected-error @below {{type must be a static, non-empty matrix, got 'tensor<?x8xf32>'}}
phi.weight @c1 : tensor<?x8xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64>

// -----

// expected-error @below {{parts must have 4 rows together, got 3}}
phi.weight @c2 : tensor<4x8xf32> = [#phi.part<3 x "f32">] at dense<0> : tensor<1x1x2xi64>

// -----

// expected-error @below {{sources must have shape [2, 1, 2], got [1, 1, 2]}}
phi.weight @c3 : 2 x tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64>

// -----

// expected-error @below {{element type must be f32, f16, bf16 or !phi.quantized, got 'f64'}}
phi.weight @c4 : tensor<4x8xf64> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64>

// -----

// expected-error @below {{rows of a permuted part must divide by 6, got 4}}
phi.weight @c5 : tensor<4x8xf32> = [#phi.part<4 x "f32" permuted 3>] at dense<0> : tensor<1x1x2xi64>

// -----

// expected-error @below {{a part must have at least 1 row, got 0}}
phi.weight @part : tensor<4x8xf32> = [#phi.part<0 x "f32">] at dense<0> : tensor<1x1x2xi64>

// -----

// expected-error @below {{packed offset and stride must not be negative, got -1 and 0}}
phi.weight @packed : tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64> packed <offset = -1, stride = 0>

// -----

// expected-error @below {{cache sizes must be positive, got 0 x 1 x 8}}
func.func private @cache(!phi.cache<0 x 1 x 8 x f32>)

// -----

// expected-error @below {{cache element type must be f32, f16 or i8, got 'f64'}}
func.func private @cache(!phi.cache<1 x 1 x 8 x f64>)

// -----

// expected-error @below {{type must be a static, non-empty matrix, got 'tensor<8xf32>'}}
phi.weight @c1_rank : tensor<8xf32> = [#phi.part<8 x "f32">] at dense<0> : tensor<1x1x2xi64>

// -----

// expected-error @below {{type must be a static, non-empty matrix, got 'tensor<4x0xf32>'}}
phi.weight @c1_empty : tensor<4x0xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64>

// -----

// The rows of three parts add up to 2 where the sum wraps around.
// expected-error @below {{parts must have 2 rows together, got far more}}
phi.weight @c2_overflow : tensor<2x8xf32> = [#phi.part<9223372036854775807 x "f32">, #phi.part<9223372036854775807 x "f32">,
  #phi.part<4 x "f32">] at dense<0> : tensor<1x3x2xi64>

// -----

// expected-error @below {{sources must have shape [1, 2, 2], got [1, 1, 2]}}
phi.weight @c3_parts : tensor<4x8xf32> = [#phi.part<1 x "f32">, #phi.part<3 x "f32">] at dense<0> : tensor<1x1x2xi64>

// -----

// expected-error @below {{sources must not be negative, got -64}}
phi.weight @c6 : tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<[[[0, -64]]]> : tensor<1x1x2xi64>

// -----

// expected-error @below {{a part's elements must be f32, f16, bf16, q4_0, q4_1, q8_0 or q6_k, got "q5_0"}}
phi.weight @element : tensor<4x8xf32> = [#phi.part<4 x "q5_0">] at dense<0> : tensor<1x1x2xi64>

// -----

// expected-error @below {{a part's elements must be f32, f16, bf16, q4_0, q4_1, q8_0 or q6_k, got ""}}
phi.weight @element : tensor<4x8xf32> = [#phi.part<4 x "">] at dense<0> : tensor<1x1x2xi64>

// -----

// expected-error @below {{through must be !phi.quantized, of f32 elements, got 'f16'}}
phi.weight @c9 : tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64> through f16

// -----

// expected-error @below {{through must be !phi.quantized, of f32 elements}}
phi.weight @c9_elements : tensor<4x8xbf16> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64>
  through !phi.quantized<bits = 8, group = 32, scale = f16, zero = 128>
