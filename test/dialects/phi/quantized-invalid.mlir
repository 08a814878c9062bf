// Each rule of the quantised type is checked.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

// expected-error @below {{bits must be 4, 6 or 8, got 5}}
func.func private @f(tensor<16x64x!phi.quantized<bits = 5, group = 32, scale = f16, zero = 8>>)

// -----

// expected-error @below {{group of 4 bits must be 32, got 16}}
func.func private @f(tensor<16x64x!phi.quantized<bits = 4, group = 16, scale = f16, zero = 8>>)

// -----

// expected-error @below {{scale must be f16 (of 6 bits: i8, with super f32), got 'f32'}}
func.func private @f(tensor<16x64x!phi.quantized<bits = 4, group = 32, scale = f32, zero = 8>>)

// -----

// expected-error @below {{scale must be f16 (of 6 bits: i8, with super f32), got 'i8'}}
func.func private @f(tensor<16x64x!phi.quantized<bits = 6, group = 16, scale = i8, zero = 32>>)

// -----

// expected-error @below {{zero must be a code of 4 bits, got 16}}
func.func private @f(tensor<16x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 16>>)

// -----

// expected-error @below {{a minimum must be f16, of 4 bits without zero or codebook}}
func.func private @f(tensor<16x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8, minimum = f16>>)

// -----

// expected-error @below {{a codebook must have 16 entries, of 4 bits without zero}}
func.func private @f(tensor<16x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, codebook = [1, 2]>>)

// -----

// expected-error @below {{rotated needs groups of 32, got 16}}
func.func private @f(tensor<16x64x!phi.quantized<bits = 6, group = 16, scale = i8, zero = 32, super = f32, rotated = true>>)

// -----

// expected-error @below {{i8 needs heads of a multiple of 32 channels, got 80}}
func.func private @cache(!phi.cache<1 x 1 x 80 x i8>)
