// Each product on vectors in memory: acc, codes, values, result. ProductsDriver.c calls them.

func.func @dot4_u7(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<4xi32>
  %c = llvm.load %codes : !llvm.ptr -> vector<16xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<16xi8>
  %r = phi.dot %a, %c, %v max 127 : vector<4xi32>, vector<16xi8>
  llvm.store %r, %result : vector<4xi32>, !llvm.ptr
  return
}

func.func @dot4_u8(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<4xi32>
  %c = llvm.load %codes : !llvm.ptr -> vector<16xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<16xi8>
  %r = phi.dot %a, %c, %v max 255 : vector<4xi32>, vector<16xi8>
  llvm.store %r, %result : vector<4xi32>, !llvm.ptr
  return
}

func.func @dot4_s8(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<4xi32>
  %c = llvm.load %codes : !llvm.ptr -> vector<16xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<16xi8>
  %r = phi.dot %a, %c, %v max 128 signed_codes : vector<4xi32>, vector<16xi8>
  llvm.store %r, %result : vector<4xi32>, !llvm.ptr
  return
}

func.func @dot8_u7(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<8xi32>
  %c = llvm.load %codes : !llvm.ptr -> vector<32xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<32xi8>
  %r = phi.dot %a, %c, %v max 127 : vector<8xi32>, vector<32xi8>
  llvm.store %r, %result : vector<8xi32>, !llvm.ptr
  return
}

func.func @dot8_u8(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<8xi32>
  %c = llvm.load %codes : !llvm.ptr -> vector<32xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<32xi8>
  %r = phi.dot %a, %c, %v max 255 : vector<8xi32>, vector<32xi8>
  llvm.store %r, %result : vector<8xi32>, !llvm.ptr
  return
}

func.func @dot8_s8(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<8xi32>
  %c = llvm.load %codes : !llvm.ptr -> vector<32xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<32xi8>
  %r = phi.dot %a, %c, %v max 128 signed_codes : vector<8xi32>, vector<32xi8>
  llvm.store %r, %result : vector<8xi32>, !llvm.ptr
  return
}

func.func @dot16_u7(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<16xi32>
  %c = llvm.load %codes : !llvm.ptr -> vector<64xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<64xi8>
  %r = phi.dot %a, %c, %v max 127 : vector<16xi32>, vector<64xi8>
  llvm.store %r, %result : vector<16xi32>, !llvm.ptr
  return
}

func.func @dot16_u8(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<16xi32>
  %c = llvm.load %codes : !llvm.ptr -> vector<64xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<64xi8>
  %r = phi.dot %a, %c, %v max 255 : vector<16xi32>, vector<64xi8>
  llvm.store %r, %result : vector<16xi32>, !llvm.ptr
  return
}

func.func @dot16_s8(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<16xi32>
  %c = llvm.load %codes : !llvm.ptr -> vector<64xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<64xi8>
  %r = phi.dot %a, %c, %v max 128 signed_codes : vector<16xi32>, vector<64xi8>
  llvm.store %r, %result : vector<16xi32>, !llvm.ptr
  return
}

func.func @matrix_u7(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<4xi32>
  %c = llvm.load %codes : !llvm.ptr -> vector<16xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<16xi8>
  %r = phi.dot_matrix %a, %c, %v max 127 : vector<4xi32>, vector<16xi8>
  llvm.store %r, %result : vector<4xi32>, !llvm.ptr
  return
}

func.func @matrix_u8(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<4xi32>
  %c = llvm.load %codes : !llvm.ptr -> vector<16xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<16xi8>
  %r = phi.dot_matrix %a, %c, %v max 255 : vector<4xi32>, vector<16xi8>
  llvm.store %r, %result : vector<4xi32>, !llvm.ptr
  return
}

func.func @matrix_s8(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<4xi32>
  %c = llvm.load %codes : !llvm.ptr -> vector<16xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<16xi8>
  %r = phi.dot_matrix %a, %c, %v max 128 signed_codes : vector<4xi32>, vector<16xi8>
  llvm.store %r, %result : vector<4xi32>, !llvm.ptr
  return
}

func.func @bf16_4(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<4xf32>
  %c = llvm.load %codes : !llvm.ptr -> vector<8xbf16>
  %v = llvm.load %values : !llvm.ptr -> vector<8xbf16>
  %r = phi.dot_bf16 %a, %c, %v : vector<4xf32>, vector<8xbf16>
  llvm.store %r, %result : vector<4xf32>, !llvm.ptr
  return
}

func.func @bf16_8(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<8xf32>
  %c = llvm.load %codes : !llvm.ptr -> vector<16xbf16>
  %v = llvm.load %values : !llvm.ptr -> vector<16xbf16>
  %r = phi.dot_bf16 %a, %c, %v : vector<8xf32>, vector<16xbf16>
  llvm.store %r, %result : vector<8xf32>, !llvm.ptr
  return
}

func.func @bf16_16(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<16xf32>
  %c = llvm.load %codes : !llvm.ptr -> vector<32xbf16>
  %v = llvm.load %values : !llvm.ptr -> vector<32xbf16>
  %r = phi.dot_bf16 %a, %c, %v : vector<16xf32>, vector<32xbf16>
  llvm.store %r, %result : vector<16xf32>, !llvm.ptr
  return
}

func.func @lookup16(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %c = llvm.load %codes : !llvm.ptr -> vector<16xi8>
  %r = phi.lookup %c, [-128, -7, 2, 3, 40, 5, 6, 7, 8, 9, 10, 11, 12, -13, 14, 127] : vector<16xi8>
  llvm.store %r, %result : vector<16xi8>, !llvm.ptr
  return
}

func.func @lookup32(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %c = llvm.load %codes : !llvm.ptr -> vector<32xi8>
  %r = phi.lookup %c, [-128, -7, 2, 3, 40, 5, 6, 7, 8, 9, 10, 11, 12, -13, 14, 127] : vector<32xi8>
  llvm.store %r, %result : vector<32xi8>, !llvm.ptr
  return
}

func.func @lookup64(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %c = llvm.load %codes : !llvm.ptr -> vector<64xi8>
  %r = phi.lookup %c, [-128, -7, 2, 3, 40, 5, 6, 7, 8, 9, 10, 11, 12, -13, 14, 127] : vector<64xi8>
  llvm.store %r, %result : vector<64xi8>, !llvm.ptr
  return
}

func.func @rescale16(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %c = llvm.load %codes : !llvm.ptr -> vector<16xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<16xi8>
  %r = phi.rescale %c, %v : vector<16xi8>
  llvm.store %r, %result : vector<16xi8>, !llvm.ptr
  return
}

func.func @rescale64(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr, %result: !llvm.ptr) {
  %c = llvm.load %codes : !llvm.ptr -> vector<64xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<64xi8>
  %r = phi.rescale %c, %v : vector<64xi8>
  llvm.store %r, %result : vector<64xi8>, !llvm.ptr
  return
}
