// phi.add asks for rows: tensor<?xNxf32>, N known and not 0.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @rows_of_no_size(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  // expected-error @below {{rows of f32, tensor<?xNxf32>}}
  %0 = phi.add %x, %x : tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

func.func @rows_of_no_columns(%x: tensor<?x0xf32>) -> tensor<?x0xf32> {
  // expected-error @below {{rows of f32, tensor<?xNxf32>}}
  %0 = phi.add %x, %x : tensor<?x0xf32>
  return %0 : tensor<?x0xf32>
}

// -----

func.func @rows_of_known_number(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @below {{rows of f32, tensor<?xNxf32>}}
  %0 = phi.add %x, %x : tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
