#pragma once
/// Work that is done on every core and handed over in order.

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace phidias {

/// Fills `bytes` with piece `index`. Called on several threads.
using MakePiece = llvm::function_ref<llvm::Error(size_t index, std::vector<uint8_t> &bytes)>;
/// Takes piece `index`. Called on this thread, with rising indices.
using TakePiece = llvm::function_ref<llvm::Error(size_t index, llvm::ArrayRef<uint8_t> bytes)>;

/// Makes pieces 0 to `count` - 1 and takes each. Only so many are held at a time as keep the cores
/// busy. The first error, in the order of pieces, ends it.
llvm::Error inOrder(size_t count, MakePiece make, TakePiece take);

} // namespace phidias
