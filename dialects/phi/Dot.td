#ifndef PHI_DOT
#define PHI_DOT

include "dialects/phi/PhiBase.td"

def Phi_DotOp : Phi_Op<"dot", [Pure, AllTypesMatch<["acc", "result"]>, AllTypesMatch<["codes", "values"]>]> {
  let summary = "multiply unsigned codes by signed values, four at a time, into 32-bit lanes";
  let description = [{
    `result[i] = acc[i] + sum_{j<4} zext(codes[4i + j]) * sext(values[4i + j])`, exact in i32. Codes are at most `max`: a
    target without a dot product may then add in 16 bits.

    - (C1) Codes and values have four lanes for each lane of acc.
    - (C2) `max` is 1 to 255.

    ```mlir
    func.func @dot(%acc: vector<8xi32>, %codes: vector<32xi8>, %values: vector<32xi8>) -> vector<8xi32> {
      %0 = phi.dot %acc, %codes, %values max 15 : vector<8xi32>, vector<32xi8>
      return %0 : vector<8xi32>
    }
    ```
  }];
  let arguments = (ins VectorOfRankAndType<[1], [I32]>:$acc, VectorOfRankAndType<[1], [I8]>:$codes,
                       VectorOfRankAndType<[1], [I8]>:$values, I64Attr:$max);
  let results = (outs VectorOfRankAndType<[1], [I32]>:$result);
  let assemblyFormat = "$acc `,` $codes `,` $values `max` $max attr-dict `:` type($acc) `,` type($codes)";
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

#endif // PHI_DOT
