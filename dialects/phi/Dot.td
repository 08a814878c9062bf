#ifndef PHI_DOT
#define PHI_DOT

include "dialects/phi/PhiBase.td"

def Phi_DotOp : Phi_Op<"dot", [Pure, AllTypesMatch<["acc", "result"]>, AllTypesMatch<["codes", "values"]>]> {
  let summary = "multiply unsigned codes by signed values, four at a time, into 32-bit lanes";
  let description = [{
    `result[i] = acc[i] + sum_{j<4} zext(codes[4i + j]) * sext(values[4i + j])`, exact in i32. Codes are at most `max`: a
    target without a dot product may then add in 16 bits.

    With `signed_codes` codes are extended as signed too, and `max` is 128 where they use all of their range. No value is -128
    then: two products would not fit 16 bits.

    - (C1) Codes and values have four lanes for each lane of acc.
    - (C2) `max` is 1 to 255, at most 128 with `signed_codes`.

    ```mlir
    func.func @dot(%acc: vector<8xi32>, %codes: vector<32xi8>, %values: vector<32xi8>) -> vector<8xi32> {
      %0 = phi.dot %acc, %codes, %values max 15 : vector<8xi32>, vector<32xi8>
      return %0 : vector<8xi32>
    }
    ```
  }];
  let arguments = (ins VectorOfRankAndType<[1], [I32]>:$acc, VectorOfRankAndType<[1], [I8]>:$codes,
                       VectorOfRankAndType<[1], [I8]>:$values, I64Attr:$max, UnitAttr:$signed_codes);
  let results = (outs VectorOfRankAndType<[1], [I32]>:$result);
  let assemblyFormat = "$acc `,` $codes `,` $values `max` $max (`signed_codes` $signed_codes^)? attr-dict `:` type($acc) `,` type($codes)";
  let hasVerifier = 1;
}

def Phi_DotMatrixOp : Phi_Op<"dot_matrix", [Pure, AllTypesMatch<["acc", "result"]>, AllTypesMatch<["codes", "values"]>]> {
  let summary = "multiply two rows of codes by two rows of values, eight at a time, into a 2 x 2 matrix of 32 bits";
  let description = [{
    `result[2i + j] = acc[2i + j] + sum_{k<8} ext(codes[8i + k]) * sext(values[8j + k])` for i, j = 0, 1, exact in i32. Codes
    are extended as unsigned, or with `signed_codes` as signed; `max` is the largest magnitude of a code.

    - (C1) `max` is 1 to 255, at most 128 with `signed_codes`.

    ```mlir
    func.func @dot(%acc: vector<4xi32>, %codes: vector<16xi8>, %values: vector<16xi8>) -> vector<4xi32> {
      %0 = phi.dot_matrix %acc, %codes, %values max 15 : vector<4xi32>, vector<16xi8>
      return %0 : vector<4xi32>
    }
    ```
  }];
  let arguments = (ins VectorOfLengthAndType<[4], [I32]>:$acc, VectorOfLengthAndType<[16], [I8]>:$codes,
                       VectorOfLengthAndType<[16], [I8]>:$values, I64Attr:$max, UnitAttr:$signed_codes);
  let results = (outs VectorOfLengthAndType<[4], [I32]>:$result);
  let assemblyFormat = [{
    $acc `,` $codes `,` $values `max` $max (`signed_codes` $signed_codes^)? attr-dict `:` type($acc) `,` type($codes)
  }];
  let hasVerifier = 1;
}

def Phi_DotBf16Op : Phi_Op<"dot_bf16", [Pure, AllTypesMatch<["acc", "result"]>, AllTypesMatch<["lhs", "rhs"]>]> {
  let summary = "multiply bf16 by bf16, two at a time, into f32 lanes";
  let description = [{
    `result[i] = acc[i] + lhs[2i] * rhs[2i] + lhs[2i + 1] * rhs[2i + 1]`; roundings between are the target's.

    - (C1) lhs and rhs have two lanes for each lane of acc.

    ```mlir
    func.func @dot(%acc: vector<8xf32>, %a: vector<16xbf16>, %b: vector<16xbf16>) -> vector<8xf32> {
      %0 = phi.dot_bf16 %acc, %a, %b : vector<8xf32>, vector<16xbf16>
      return %0 : vector<8xf32>
    }
    ```
  }];
  let arguments = (ins VectorOfRankAndType<[1], [F32]>:$acc, VectorOfRankAndType<[1], [BF16]>:$lhs,
                       VectorOfRankAndType<[1], [BF16]>:$rhs);
  let results = (outs VectorOfRankAndType<[1], [F32]>:$result);
  let assemblyFormat = "$acc `,` $lhs `,` $rhs attr-dict `:` type($acc) `,` type($lhs)";
  let hasVerifier = 1;
}

def Phi_LookupOp : Phi_Op<"lookup", [Pure, AllTypesMatch<["codes", "result"]>]> {
  let summary = "look 4-bit codes up in a table of 16 bytes";
  let description = [{
    `result[i] = table[codes[i]]`; codes are 0 to 15.

    - (C1) The table has 16 entries; there are 16 codes or a multiple of them.

    ```mlir
    func.func @lookup(%codes: vector<16xi8>) -> vector<16xi8> {
      %0 = phi.lookup %codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] : vector<16xi8>
      return %0 : vector<16xi8>
    }
    ```
  }];
  let arguments = (ins VectorOfRankAndType<[1], [I8]>:$codes, DenseI8ArrayAttr:$table);
  let results = (outs VectorOfRankAndType<[1], [I8]>:$result);
  let assemblyFormat = "$codes `,` $table attr-dict `:` type($codes)";
  let hasVerifier = 1;
}

def Phi_RescaleOp : Phi_Op<"rescale", [Pure, AllTypesMatch<["codes", "factors", "result"]>]> {
  let summary = "multiply bytes by a part of one each";
  let description = [{
    `result[i] = (codes[i] * factors[i] + 64) >> 7`, signed: the product over 128, rounded, halves up. -128 is neither among the codes
    nor among the factors.

    - (C1) There are 16 codes or a multiple of them.

    ```mlir
    func.func @rescale(%codes: vector<16xi8>, %factors: vector<16xi8>) -> vector<16xi8> {
      %0 = phi.rescale %codes, %factors : vector<16xi8>
      return %0 : vector<16xi8>
    }
    ```
  }];
  let arguments = (ins VectorOfRankAndType<[1], [I8]>:$codes, VectorOfRankAndType<[1], [I8]>:$factors);
  let results = (outs VectorOfRankAndType<[1], [I8]>:$result);
  let assemblyFormat = "$codes `,` $factors attr-dict `:` type($codes)";
  let hasVerifier = 1;
}

#endif // PHI_DOT
