#include "dialects/phi/Shapes.h"

using namespace mlir;

namespace phidias::phi {

int64_t columnsOf(Value rows) { return cast<RankedTensorType>(rows.getType()).getDimSize(1); }

static LogicalResult verifyIndex(Operation *op, WeightOp weight, bool indexed) {
  if (weight.isFamily() && !indexed)
    return op->emitOpError("weight @") << weight.getSymName() << " is a family and needs an index";
  if (!weight.isFamily() && indexed)
    return op->emitOpError("weight @") << weight.getSymName() << " is no family and takes no index";
  return success();
}

LogicalResult verifyWeightUse(Operation *op, SymbolTableCollection &symbols, FlatSymbolRefAttr name,
                              bool indexed, int64_t rows, int64_t columns) {
  auto weight = symbols.lookupNearestSymbolFrom<WeightOp>(op, name);
  if (!weight)
    return op->emitOpError("names no phi.weight: ") << name;
  if (failed(verifyIndex(op, weight, indexed)))
    return failure();
  ArrayRef<int64_t> shape = weight.getTensorType().getShape();
  if (rows >= 0 && shape[0] != rows)
    return op->emitOpError("weight must have ") << rows << " rows, got " << shape[0];
  if (columns >= 0 && shape[1] != columns)
    return op->emitOpError("weight must have ") << columns << " columns, got " << shape[1];
  return success();
}

LogicalResult verifyColumns(Operation *op, Value rows, int64_t expected, StringRef what) {
  if (columnsOf(rows) == expected)
    return success();
  return op->emitOpError() << what << " must have " << expected << " columns, got "
                           << columnsOf(rows);
}

LogicalResult verifyHeads(Operation *op, int64_t heads, CacheType cache) {
  if (heads >= 1 && heads % cache.getKvHeads() == 0)
    return success();
  return op->emitOpError("heads must be a multiple of ") << cache.getKvHeads() << ", got " << heads;
}

LogicalResult verifyBufferColumns(Operation *op, Value rows, int64_t expected, StringRef what) {
  auto type = cast<MemRefType>(rows.getType());
  if (type.getDimSize(1) != expected)
    return op->emitOpError() << what << " must have " << expected << " columns, got "
                             << type.getDimSize(1);
  auto [strides, offset] = type.getStridesAndOffset();
  if (strides.back() != 1)
    return op->emitOpError() << what << " must have its columns side by side";
  return success();
}

} // namespace phidias::phi
