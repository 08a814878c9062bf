// phi.dot and its kin by feature set: ARMv8.0, dotprod, i8mm and bf16, SVE of 256 and of 512 bits.
// RUN: sed s/MACHINE/"lanes = 4, registers = 32, l1 = 32768, l2 = 262144, dot = false, bf16 = false, signed_codes = true, value_lanes = true"/ %s | phidias-opt --phi-arm-lower-vector | FileCheck %s --check-prefixes=CHECK,BASE
// RUN: sed s/MACHINE/"lanes = 4, registers = 32, l1 = 65536, l2 = 1048576, dot = true, bf16 = false, signed_codes = true, value_lanes = true"/ %s | phidias-opt --phi-arm-lower-vector | FileCheck %s --check-prefixes=CHECK,DOT
// RUN: sed s/MACHINE/"lanes = 4, registers = 32, l1 = 65536, l2 = 1048576, dot = true, bf16 = true, value_lanes = true, matrix = true"/ %s | phidias-opt --phi-arm-lower-vector | FileCheck %s --check-prefixes=CHECK,I8MM
// RUN: sed s/MACHINE/"lanes = 4, registers = 32, l1 = 65536, l2 = 1048576, dot = true, bf16 = true, value_lanes = true, matrix = true, rescale = true"/ %s | phidias-opt --phi-arm-lower-vector | FileCheck %s --check-prefix=SVE2
// RUN: sed s/MACHINE/"lanes = 8, registers = 32, l1 = 65536, l2 = 1048576, dot = true, bf16 = true"/ %s | phidias-opt --phi-arm-lower-vector | FileCheck %s --check-prefix=SVE256
// RUN: sed s/MACHINE/"lanes = 16, registers = 32, l1 = 65536, l2 = 1048576, dot = true, bf16 = false, signed_codes = true"/ %s | phidias-opt --phi-arm-lower-vector | FileCheck %s --check-prefix=SVE512
// RUN: sed 's/, phi.machine = .*>/, phi.a = 0/' %s | not phidias-opt --phi-arm-lower-vector 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: has no phi.machine

module attributes {phi.max_tokens = 1, phi.machine = #phi.machine<MACHINE>} {
  // Sixteen lanes are four vectors of NEON, two of 256 bits or one of 512.
  // CHECK-LABEL: @wide
  // SVE256-LABEL: @wide
  // SVE512-LABEL: @wide
  func.func @wide(%acc: vector<16xi32>, %codes: vector<64xi8>, %values: vector<64xi8>) -> vector<16xi32> {
    // BASE-COUNT-4: "llvm.aarch64.neon.saddlp"
    // DOT-COUNT-4: "llvm.aarch64.neon.sdot"{{.*}} -> vector<4xi32>
    // I8MM-COUNT-4: "llvm.aarch64.neon.sdot"{{.*}} -> vector<4xi32>
    // CHECK-NOT: call_intrinsic
    // CHECK: return
    // SVE256-COUNT-2: "llvm.aarch64.sve.sdot"{{.*}} -> vector<[4]xi32>
    // SVE256-NOT: call_intrinsic
    // SVE256: return
    // SVE512: %[[A:.*]] = vector.scalable.insert %{{.*}}, %{{.*}}[0] : vector<16xi32> into vector<[4]xi32>
    // SVE512: %[[C:.*]] = vector.scalable.insert %{{.*}}, %{{.*}}[0] : vector<64xi8> into vector<[16]xi8>
    // SVE512: %[[V:.*]] = vector.scalable.insert %{{.*}}, %{{.*}}[0] : vector<64xi8> into vector<[16]xi8>
    // SVE512: %[[ALL:.*]] = llvm.call_intrinsic "llvm.aarch64.sve.sdot"(%[[A]], %[[C]], %[[V]])
    // SVE512: %[[R:.*]] = vector.scalable.extract %[[ALL]][0] : vector<16xi32> from vector<[4]xi32>
    // SVE512: return %[[R]]
    %0 = phi.dot %acc, %codes, %values max 127 : vector<16xi32>, vector<64xi8>
    return %0 : vector<16xi32>
  }

  // CHECK-LABEL: @signed
  // CHECK-SAME: (%[[ACC:.*]]: vector<4xi32>, %[[CODES:.*]]: vector<16xi8>, %[[VALUES:.*]]: vector<16xi8>)
  func.func @signed(%acc: vector<4xi32>, %codes: vector<16xi8>, %values: vector<16xi8>) -> vector<4xi32> {
    // BASE-DAG: %[[CL:.*]] = vector.extract_strided_slice %[[CODES]] {offsets = [0]
    // BASE-DAG: %[[VL:.*]] = vector.extract_strided_slice %[[VALUES]] {offsets = [0]
    // BASE-DAG: %[[CH:.*]] = vector.extract_strided_slice %[[CODES]] {offsets = [8]
    // BASE-DAG: %[[VH:.*]] = vector.extract_strided_slice %[[VALUES]] {offsets = [8]
    // BASE-DAG: %[[LOW:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.smull"(%[[CL]], %[[VL]])
    // BASE-DAG: %[[HIGH:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.smull"(%[[CH]], %[[VH]])
    // BASE: %[[PAIRS:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.addp"(%[[LOW]], %[[HIGH]]) : (vector<8xi16>, vector<8xi16>) -> vector<8xi16>
    // BASE: %[[SUMS:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.saddlp"(%[[PAIRS]]) : (vector<8xi16>) -> vector<4xi32>
    // BASE: %[[R:.*]] = arith.addi %[[ACC]], %[[SUMS]]
    // DOT: %[[R:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sdot"(%[[ACC]], %[[CODES]], %[[VALUES]]) : (vector<4xi32>, vector<16xi8>, vector<16xi8>) -> vector<4xi32>
    // I8MM: %[[R:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sdot"(%[[ACC]], %[[CODES]], %[[VALUES]])
    // CHECK: return %[[R]]
    %0 = phi.dot %acc, %codes, %values max 128 signed_codes : vector<4xi32>, vector<16xi8>
    return %0 : vector<4xi32>
  }

  // Codes to 255 fit no signed product: without usdot the highest bit is multiplied apart.
  // CHECK-LABEL: @unsigned
  // CHECK-SAME: (%[[ACC:.*]]: vector<4xi32>, %[[CODES:.*]]: vector<16xi8>, %[[VALUES:.*]]: vector<16xi8>)
  // SVE256-LABEL: @unsigned
  // SVE512-LABEL: @unsigned
  func.func @unsigned(%acc: vector<4xi32>, %codes: vector<16xi8>, %values: vector<16xi8>) -> vector<4xi32> {
    // BASE-COUNT-2: "llvm.aarch64.neon.saddlp"
    // DOT: %[[LOW:.*]] = arith.andi %[[CODES]], %
    // DOT: %[[HIGH:.*]] = arith.shrui %[[CODES]], %
    // DOT: %[[TOP:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sdot"(%{{.*}}, %[[HIGH]], %[[VALUES]])
    // DOT: %[[TIMES:.*]] = arith.shli %[[TOP]], %
    // DOT: %[[REST:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sdot"(%[[ACC]], %[[LOW]], %[[VALUES]])
    // DOT: arith.addi %[[REST]], %[[TIMES]]
    // I8MM: "llvm.aarch64.neon.usdot"(%[[ACC]], %[[CODES]], %[[VALUES]]) : (vector<4xi32>, vector<16xi8>, vector<16xi8>) -> vector<4xi32>
    // CHECK-NOT: call_intrinsic
    // CHECK: return
    // A machine may have SVE and no sdot of NEON's.
    // SVE256: "llvm.aarch64.sve.usdot"
    // SVE256: vector.scalable.extract {{.*}} : vector<4xi32> from vector<[4]xi32>
    // SVE512-COUNT-2: "llvm.aarch64.sve.sdot"
    %0 = phi.dot %acc, %codes, %values max 128 : vector<4xi32>, vector<16xi8>
    return %0 : vector<4xi32>
  }

  // CHECK-LABEL: @matrix
  // CHECK-SAME: (%[[ACC:.*]]: vector<4xi32>, %[[CODES:.*]]: vector<16xi8>, %[[VALUES:.*]]: vector<16xi8>)
  func.func @matrix(%acc: vector<4xi32>, %codes: vector<16xi8>, %values: vector<16xi8>) -> vector<4xi32> {
    // Columns 0 to 3 of rows 0 0 1 1 of the codes by 0 1 0 1 of the values; then columns 4 to 7.
    // DOT-DAG: %[[C:.*]] = vector.bitcast %[[CODES]] : vector<16xi8> to vector<4xi32>
    // DOT: vector.shuffle %[[C]], %[[C]] [0, 0, 2, 2]
    // DOT: vector.shuffle %[[V:.*]], %[[V]] [0, 2, 0, 2]
    // DOT: %[[FIRST:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sdot"(%[[ACC]],
    // DOT: vector.shuffle %{{.*}} [1, 1, 3, 3]
    // DOT: vector.shuffle %{{.*}} [1, 3, 1, 3]
    // DOT: llvm.call_intrinsic "llvm.aarch64.neon.sdot"(%[[FIRST]],
    // BASE-COUNT-2: "llvm.aarch64.neon.saddlp"
    // I8MM: "llvm.aarch64.neon.smmla"(%[[ACC]], %[[CODES]], %[[VALUES]]) : (vector<4xi32>, vector<16xi8>, vector<16xi8>) -> vector<4xi32>
    // CHECK-NOT: call_intrinsic
    // CHECK: return
    %0 = phi.dot_matrix %acc, %codes, %values max 15 : vector<4xi32>, vector<16xi8>
    return %0 : vector<4xi32>
  }

  // CHECK-LABEL: @matrix_unsigned
  func.func @matrix_unsigned(%acc: vector<4xi32>, %codes: vector<16xi8>, %values: vector<16xi8>) -> vector<4xi32> {
    // I8MM: "llvm.aarch64.neon.usmmla"
    %0 = phi.dot_matrix %acc, %codes, %values max 255 : vector<4xi32>, vector<16xi8>
    return %0 : vector<4xi32>
  }

  // CHECK-LABEL: @bf16
  // SVE256-LABEL: @bf16
  // SVE512-LABEL: @bf16
  func.func @bf16(%acc: vector<16xf32>, %a: vector<32xbf16>, %b: vector<32xbf16>) -> vector<16xf32> {
    // BASE-COUNT-2: vector.fma {{.*}} : vector<16xf32>
    // DOT-COUNT-2: vector.fma {{.*}} : vector<16xf32>
    // I8MM-COUNT-4: "llvm.aarch64.neon.bfdot"{{.*}} : (vector<4xf32>, vector<8xbf16>, vector<8xbf16>) -> vector<4xf32>
    // SVE256-COUNT-2: "llvm.aarch64.sve.bfdot"{{.*}} : (vector<[4]xf32>, vector<[8]xbf16>, vector<[8]xbf16>) -> vector<[4]xf32>
    // SVE512-COUNT-2: vector.fma {{.*}} : vector<16xf32>
    %0 = phi.dot_bf16 %acc, %a, %b : vector<16xf32>, vector<32xbf16>
    return %0 : vector<16xf32>
  }

  // NEON multiplies bytes into words; where SVE2 is, one instruction of it has the high halves, rounded.
  // CHECK-LABEL: @rescale
  // SVE2-LABEL: @rescale
  func.func @rescale(%codes: vector<32xi8>, %factors: vector<32xi8>) -> vector<32xi8> {
    // CHECK-COUNT-2: arith.muli {{.*}} : vector<16xi16>
    // CHECK-NOT: call_intrinsic
    // CHECK: return
    // SVE2-COUNT-2: "llvm.aarch64.sve.sqrdmulh"{{.*}} : (vector<[16]xi8>, vector<[16]xi8>) -> vector<[16]xi8>
    // SVE2-NOT: arith.muli
    // SVE2: return
    %0 = phi.rescale %codes, %factors : vector<32xi8>
    return %0 : vector<32xi8>
  }

  // The table stands in the lowest 16 bytes: no index goes beyond them.
  // CHECK-LABEL: @lookup
  // SVE256-LABEL: @lookup
  // SVE512-LABEL: @lookup
  func.func @lookup(%codes: vector<64xi8>) -> vector<64xi8> {
    // CHECK: %[[TABLE:.*]] = arith.constant dense<[9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]> : vector<16xi8>
    // CHECK: "llvm.aarch64.neon.tbl1"(%[[TABLE]], %
    // CHECK-COUNT-3: "llvm.aarch64.neon.tbl1"
    // SVE256-COUNT-2: "llvm.aarch64.sve.tbl"
    // SVE512: vector.scalable.insert {{.*}} : vector<16xi8> into vector<[16]xi8>
    // SVE512: "llvm.aarch64.sve.tbl"
    // SVE512-NOT: call_intrinsic
    // SVE512: return
    %0 = phi.lookup %codes, [9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] : vector<64xi8>
    return %0 : vector<64xi8>
  }

  // A line of 64 bytes that is taken apart is four registers of one instruction, where a load at an offset has its cost.
  // CHECK-LABEL: @line
  // CHECK-SAME: (%[[BYTES:.*]]: memref<?xi8>, %[[AT:.*]]: index)
  func.func @line(%bytes: memref<?xi8>, %at: index) -> (vector<16xi8>, vector<64xi8>) {
    // DOT: %[[POINTED:.*]] = memref.extract_aligned_pointer_as_index %[[BYTES]]
    // DOT: %[[WORD:.*]] = arith.index_cast %[[POINTED]]
    // DOT: %[[POINTER:.*]] = llvm.inttoptr %[[WORD]]
    // DOT: %[[OFFSET:.*]] = arith.index_cast %[[AT]]
    // DOT: %[[PLACE:.*]] = llvm.getelementptr %[[POINTER]][%[[OFFSET]]] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    // DOT: %[[ALL:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.ld1x4"(%[[PLACE]])
    // DOT-COUNT-4: llvm.extractvalue %[[ALL]]
    // BASE: "llvm.aarch64.neon.ld1x4"
    // I8MM-NOT: ld1x4
    // I8MM: vector.load %[[BYTES]][%[[AT]]] : memref<?xi8>, vector<64xi8>
    %line = vector.load %bytes[%at] : memref<?xi8>, vector<64xi8>
    %part = vector.extract_strided_slice %line {offsets = [16], sizes = [16], strides = [1]} : vector<64xi8> to vector<16xi8>
    // Not one that is used as a whole.
    // CHECK: %[[WHOLE:.*]] = vector.load %[[BYTES]][%[[AT]]] : memref<?xi8>, vector<64xi8>
    // CHECK: return %{{.*}}, %[[WHOLE]]
    %whole = vector.load %bytes[%at] : memref<?xi8>, vector<64xi8>
    return %part, %whole : vector<16xi8>, vector<64xi8>
  }
}
