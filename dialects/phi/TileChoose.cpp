#include "dialects/phi/PhiDialect.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace phidias::phi {

/// Each slice's highest score and weights, 16 values of two rounds, and 18 states of 8 words.
int64_t TileChooseOp::getWorkBytes() { return 8 * (kSlices * (1 + 2 + 2 * 16) + 18 * 8); }

int64_t TileChooseOp::widthFor(int64_t columns) {
  return std::max<int64_t>(256, llvm::divideCeil(columns, kSlices));
}

int64_t TileChooseOp::slicesFor(int64_t columns) {
  return llvm::divideCeil(columns, widthFor(columns));
}

LogicalResult TileChooseOp::verify() {
  StringRef known[] = {"best", "begin", "narrow", "weigh", "draw"};
  if (!llvm::is_contained(known, getStep())) // C1
    return emitOpError("step must be best, begin, narrow, weigh or draw, got ") << getStep();
  return success();
}

} // namespace phidias::phi
