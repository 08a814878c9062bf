// phi.dot by machine, width and largest code. vpmaddubsw saturates at 16 bits: only codes up to 127 may go through it.
// RUN: sed s/MACHINE/"lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = true"/ %s | phidias-opt --phi-cpu-lower-vector | FileCheck %s --check-prefixes=CHECK,DOT
// RUN: sed s/MACHINE/"lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = false, bf16 = false"/ %s | phidias-opt --phi-cpu-lower-vector | FileCheck %s --check-prefixes=CHECK,MADD
// RUN: sed s/MACHINE/"lanes = 8, registers = 16, l1 = 32768, l2 = 1048576, dot = true, bf16 = false"/ %s | phidias-opt --phi-cpu-lower-vector | FileCheck %s --check-prefix=CUT
// RUN: sed s/MACHINE/"lanes = 8, registers = 16, l1 = 32768, l2 = 1048576, dot = false, bf16 = false"/ %s | phidias-opt --phi-cpu-lower-vector | FileCheck %s --check-prefix=NARROWEST
// RUN: sed s/MACHINE/"lanes = 4, registers = 16, l1 = 32768, l2 = 1048576, dot = false, bf16 = false"/ %s | phidias-opt --phi-cpu-lower-vector | FileCheck %s --check-prefix=SHORT
// RUN: sed 's/, phi.machine = .*>/, phi.a = 0/' %s | not phidias-opt --phi-cpu-lower-vector 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: has no phi.machine
// What is longer than the machine's vectors is cut before it becomes an intrinsic: none of 512 bits is left.
// CUT-NOT: .512
// CUT-COUNT-2: "llvm.x86.avx512.vpdpbusd.256"
// CUT-NOT: .512
// NARROWEST-NOT: 512
// NARROWEST-COUNT-2: "llvm.x86.avx2.pmadd.ub.sw"
// NARROWEST-NOT: 512
// SHORT-NOT: {{avx|i8.256}}

module attributes {phi.max_tokens = 1, phi.machine = #phi.machine<MACHINE>} {
  // CHECK-LABEL: @wide
  // CHECK-SAME: (%[[ACC:.*]]: vector<16xi32>, %[[CODES:.*]]: vector<64xi8>, %[[VALUES:.*]]: vector<64xi8>)
  func.func @wide(%acc: vector<16xi32>, %codes: vector<64xi8>, %values: vector<64xi8>) -> vector<16xi32> {
    // DOT: %[[R:.*]] = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%[[ACC]], %[[CODES]], %[[VALUES]]) : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
    // DOT: return %[[R]]
    // MADD: %[[PAIRS:.*]] = llvm.call_intrinsic "llvm.x86.avx512.pmaddubs.w.512"(%[[CODES]], %[[VALUES]]) : (vector<64xi8>, vector<64xi8>) -> vector<32xi16>
    // MADD: %[[ONES:.*]] = arith.constant dense<1> : vector<32xi16>
    // MADD: %[[SUMS:.*]] = llvm.call_intrinsic "llvm.x86.avx512.pmaddw.d.512"(%[[PAIRS]], %[[ONES]])
    // MADD: %[[R:.*]] = arith.addi %[[ACC]], %[[SUMS]]
    // MADD: return %[[R]]
    %0 = phi.dot %acc, %codes, %values max 127 : vector<16xi32>, vector<64xi8>
    return %0 : vector<16xi32>
  }

  // CHECK-LABEL: @large
  // CHECK-SAME: (%[[ACC:.*]]: vector<16xi32>, %[[CODES:.*]]: vector<64xi8>, %[[VALUES:.*]]: vector<64xi8>)
  func.func @large(%acc: vector<16xi32>, %codes: vector<64xi8>, %values: vector<64xi8>) -> vector<16xi32> {
    // DOT: vpdpbusd.512
    // Codes that vpmaddubsw could saturate on are widened in halves: even bytes masked or shifted up and down, odd ones down.
    // MADD-NOT: pmaddubs
    // MADD-DAG: %[[C:.*]] = vector.bitcast %[[CODES]] : vector<64xi8> to vector<32xi16>
    // MADD-DAG: %[[V:.*]] = vector.bitcast %[[VALUES]] : vector<64xi8> to vector<32xi16>
    // MADD: %[[EVEN:.*]] = arith.andi %[[C]], %
    // MADD: %[[ODD:.*]] = arith.shrui %[[C]], %
    // MADD: %[[UP:.*]] = arith.shli %[[V]], %
    // MADD: %[[EVENV:.*]] = arith.shrsi %[[UP]], %
    // MADD: %[[ODDV:.*]] = arith.shrsi %[[V]], %
    // MADD: %[[A:.*]] = llvm.call_intrinsic "llvm.x86.avx512.pmaddw.d.512"(%[[EVEN]], %[[EVENV]])
    // MADD: %[[B:.*]] = arith.addi %[[ACC]], %[[A]]
    // MADD: %[[D:.*]] = llvm.call_intrinsic "llvm.x86.avx512.pmaddw.d.512"(%[[ODD]], %[[ODDV]])
    // MADD: arith.addi %[[B]], %[[D]]
    %0 = phi.dot %acc, %codes, %values max 128 : vector<16xi32>, vector<64xi8>
    return %0 : vector<16xi32>
  }

  // CHECK-LABEL: @narrow
  func.func @narrow(%acc: vector<8xi32>, %codes: vector<32xi8>, %values: vector<32xi8>) -> vector<8xi32> {
    // DOT: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"{{.*}} -> vector<8xi32>
    // MADD: llvm.call_intrinsic "llvm.x86.avx2.pmadd.ub.sw"{{.*}} -> vector<16xi16>
    // MADD: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"{{.*}} -> vector<8xi32>
    %0 = phi.dot %acc, %codes, %values max 15 : vector<8xi32>, vector<32xi8>
    return %0 : vector<8xi32>
  }

  // Four lanes: byte after byte, in words, on any machine.
  // CHECK-LABEL: @words
  func.func @words(%acc: vector<4xi32>, %codes: vector<16xi8>, %values: vector<16xi8>) -> vector<4xi32> {
    // CHECK-NOT: call_intrinsic
    // CHECK-COUNT-4: arith.muli {{.*}} : vector<4xi32>
    // CHECK: return
    %0 = phi.dot %acc, %codes, %values max 255 : vector<4xi32>, vector<16xi8>
    return %0 : vector<4xi32>
  }

  // CHECK-LABEL: @bf16
  // CHECK-SAME: (%[[ACC:.*]]: vector<16xf32>, %[[A:.*]]: vector<32xbf16>, %[[B:.*]]: vector<32xbf16>)
  func.func @bf16(%acc: vector<16xf32>, %a: vector<32xbf16>, %b: vector<32xbf16>) -> vector<16xf32> {
    // DOT: llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"(%[[ACC]], %[[A]], %[[B]])
    // Low halves move up, high ones are masked: both are f32 then.
    // MADD: %[[LOW:.*]] = arith.shli
    // MADD: vector.bitcast %[[LOW]] : vector<16xi32> to vector<16xf32>
    // MADD: %[[FIRST:.*]] = vector.fma %{{.*}}, %{{.*}}, %[[ACC]] : vector<16xf32>
    // MADD: %[[HIGH:.*]] = arith.andi
    // MADD: vector.bitcast %[[HIGH]] : vector<16xi32> to vector<16xf32>
    // MADD: vector.fma %{{.*}}, %{{.*}}, %[[FIRST]] : vector<16xf32>
    %0 = phi.dot_bf16 %acc, %a, %b : vector<16xf32>, vector<32xbf16>
    return %0 : vector<16xf32>
  }

  // CHECK-LABEL: @bf16_narrow
  func.func @bf16_narrow(%acc: vector<8xf32>, %a: vector<16xbf16>, %b: vector<16xbf16>) -> vector<8xf32> {
    // DOT: "llvm.x86.avx512bf16.dpbf16ps.256"
    // MADD-COUNT-2: vector.fma {{.*}} : vector<8xf32>
    %0 = phi.dot_bf16 %acc, %a, %b : vector<8xf32>, vector<16xbf16>
    return %0 : vector<8xf32>
  }

  // The table is repeated in each 16 bytes, which vpshufb does not look beyond.
  // CHECK-LABEL: @lookup64
  // CHECK-SAME: (%[[CODES:.*]]: vector<64xi8>)
  func.func @lookup64(%codes: vector<64xi8>) -> vector<64xi8> {
    // CHECK: %[[TABLE:.*]] = arith.constant dense<{{.*}}> : vector<64xi8>
    // CHECK: llvm.call_intrinsic "llvm.x86.avx512.pshuf.b.512"(%[[TABLE]], %[[CODES]])
    %0 = phi.lookup %codes, [9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] : vector<64xi8>
    return %0 : vector<64xi8>
  }

  // CHECK-LABEL: @lookup32
  func.func @lookup32(%codes: vector<32xi8>) -> vector<32xi8> {
    // CHECK: arith.constant dense<[9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]> : vector<32xi8>
    // CHECK: "llvm.x86.avx2.pshuf.b"
    %0 = phi.lookup %codes, [9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] : vector<32xi8>
    return %0 : vector<32xi8>
  }

  // CHECK-LABEL: @lookup16
  func.func @lookup16(%codes: vector<16xi8>) -> vector<16xi8> {
    // CHECK: arith.constant dense<[9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]> : vector<16xi8>
    // CHECK: "llvm.x86.ssse3.pshuf.b.128"
    %0 = phi.lookup %codes, [9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] : vector<16xi8>
    return %0 : vector<16xi8>
  }

  // Even and odd bytes, each at the top of a word.
  // CHECK-LABEL: @rescale
  // CHECK-SAME: (%[[CODES:.*]]: vector<64xi8>, %[[FACTORS:.*]]: vector<64xi8>)
  func.func @rescale(%codes: vector<64xi8>, %factors: vector<64xi8>) -> vector<64xi8> {
    // CHECK-DAG: %[[C:.*]] = vector.bitcast %[[CODES]] : vector<64xi8> to vector<32xi16>
    // CHECK-DAG: %[[F:.*]] = vector.bitcast %[[FACTORS]] : vector<64xi8> to vector<32xi16>
    // CHECK: arith.shli %[[F]]
    // CHECK: %[[EVEN:.*]] = arith.shli %[[C]]
    // CHECK: llvm.call_intrinsic "llvm.x86.avx512.pmul.hr.sw.512"(%[[EVEN]],
    // CHECK: %[[ODD:.*]] = arith.andi %[[C]]
    // CHECK: llvm.call_intrinsic "llvm.x86.avx512.pmul.hr.sw.512"(%[[ODD]],
    // CHECK-NOT: call_intrinsic
    // CHECK: return
    %0 = phi.rescale %codes, %factors : vector<64xi8>
    return %0 : vector<64xi8>
  }

  // Signed codes and matrices are no x86-64 machine's; they are taken apart in i32, for tests of what other machines do.
  // CHECK-LABEL: @matrix
  func.func @matrix(%acc: vector<4xi32>, %codes: vector<16xi8>, %values: vector<16xi8>) -> vector<4xi32> {
    // CHECK-DAG: vector.shuffle %{{.*}}, %{{.*}} [0, 0, 2, 2]
    // CHECK-DAG: vector.shuffle %{{.*}}, %{{.*}} [0, 2, 0, 2]
    // CHECK-COUNT-4: arith.muli
    // CHECK-NOT: arith.shrui
    // CHECK: vector.shuffle %{{.*}}, %{{.*}} [1, 1, 3, 3]
    // CHECK: vector.shuffle %{{.*}}, %{{.*}} [1, 3, 1, 3]
    // CHECK-COUNT-4: arith.muli
    // CHECK-NOT: phi.dot
    // CHECK: return
    %0 = phi.dot_matrix %acc, %codes, %values max 128 signed_codes : vector<4xi32>, vector<16xi8>
    return %0 : vector<4xi32>
  }
}
