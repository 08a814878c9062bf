// The module's phi.files, and that the sources of its weights point into it, are checked.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

// expected-error @below {{'phi.files' must be a list of file names, got "model.gguf"}}
module attributes {phi.files = "model.gguf"} {
}

// -----

// expected-error @below {{'phi.files' must be a list of file names, got 7 : i64 at 1}}
module attributes {phi.files = ["a.safetensors", 7]} {
}

// -----

// expected-error @below {{'phi.files' must be a list of file names, got "" at 0}}
module attributes {phi.files = [""]} {
}

// -----

// expected-error @below {{'phi.files' belongs to a module}}
func.func private @f() attributes {phi.files = ["a.safetensors"]}

// -----

module attributes {phi.files = ["a.safetensors", "b.safetensors"]} {
  phi.weight @last : tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<[[[1, 0]]]> : tensor<1x1x2xi64>
  // expected-error @below {{sources must be files of phi.files, which has 2, got file 2}}
  phi.weight @beyond : 2 x tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<[[[0, 64]], [[2, 64]]]> : tensor<2x1x2xi64>
}

// -----

module attributes {phi.files = []} {
  // expected-error @below {{sources must be files of phi.files, which has 0, got file 0}}
  phi.weight @none : tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64>
}

// -----

module attributes {phi.files = ["a.safetensors"]} {
  // expected-error @below {{sources must have shape [1, 1, 2], got [3]}}
  phi.weight @no_pairs : tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<5> : tensor<3xi64>
}

// -----

module attributes {phi.files = ["a.safetensors"]} {
  // expected-error @below {{sources must have shape [1, 1, 2], got []}}
  phi.weight @scalar : tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<5> : tensor<i64>
}
