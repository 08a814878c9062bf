func.func @vote(%mask: i32, %x: i1) -> i1 {
  %all = nvvm.vote.sync all %mask, %x -> i1
  return %all : i1
}

// -----

func.func @shape(%a: vector<2xf16>) -> !llvm.struct<(vector<2xf16>, vector<2xf16>)> {
  %d = nvvm.mma.sync A[%a, %a] B[%a] C[%a, %a]
    {layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, shape = #nvvm.shape<m = 16, n = 8, k = 8>}
    : (vector<2xf16>, vector<2xf16>, vector<2xf16>) -> !llvm.struct<(vector<2xf16>, vector<2xf16>)>
  return %d : !llvm.struct<(vector<2xf16>, vector<2xf16>)>
}
