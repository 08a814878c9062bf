// A product whose values are one word of a loaded vector, repeated; a multiply-add by one lane.
func.func @by_lane(%acc: !llvm.ptr, %codes: !llvm.ptr, %values: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<16xi32>
  %c = llvm.load %codes : !llvm.ptr -> vector<64xi8>
  %v = llvm.load %values : !llvm.ptr -> vector<16xi8>
  %words = vector.bitcast %v : vector<16xi8> to vector<4xi32>
  %word = vector.shuffle %words, %words [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2] : vector<4xi32>, vector<4xi32>
  %repeated = vector.bitcast %word : vector<16xi32> to vector<64xi8>
  %r = phi.dot %a, %c, %repeated max MAX : vector<16xi32>, vector<64xi8>
  llvm.store %r, %acc : vector<16xi32>, !llvm.ptr
  return
}

func.func @fma_by_lane(%acc: !llvm.ptr, %weights: !llvm.ptr, %values: !llvm.ptr) {
  %a = llvm.load %acc : !llvm.ptr -> vector<16xf32>
  %w = llvm.load %weights : !llvm.ptr -> vector<16xf32>
  %v = llvm.load %values : !llvm.ptr -> vector<4xf32>
  %lane = vector.extract %v[3] : f32 from vector<4xf32>
  %repeated = vector.broadcast %lane : f32 to vector<16xf32>
  %r = vector.fma %w, %repeated, %a : vector<16xf32>
  llvm.store %r, %acc : vector<16xf32>, !llvm.ptr
  return
}
