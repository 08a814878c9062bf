#pragma once
/// What the tensors of a model are called, format by format.

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace phidias {

/// Rows that a model stacks, and how a file may keep them. Without a fused name they are always
/// apart, without parts always fused; with both they are apart where the file has the first part.
struct StackNames {
  llvm::StringLiteral fused;
  llvm::ArrayRef<llvm::StringLiteral> parts;
};

struct TensorNames {
  llvm::StringLiteral embed, finalNorm, head;
  /// Before a layer's number; the names after it follow a dot.
  llvm::StringLiteral layer;
  llvm::StringLiteral inputNorm, o, postNorm, down;
  StackNames qkv, gateUp;
  /// Rows of q and k are permuted for interleaved RoPE; else they are in rotate-half order.
  bool permuted;
  /// Read elsewhere, or computed anew; the latter in each layer.
  llvm::ArrayRef<llvm::StringLiteral> elsewhere, elsewhereInLayer;
};

/// `architecture` is phi3 or llama.
const TensorNames &ggufTensorNames(llvm::StringRef architecture);
const TensorNames &hfTensorNames(llvm::StringRef architecture);

} // namespace phidias
