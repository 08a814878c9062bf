#include "dialects/phi/Panel.h"
#include "dialects/phi/PhiDialect.h"

using namespace mlir;

namespace phidias::phi {

static LogicalResult verifyFormat(Operation *op, Type weight, Type activation) {
  auto matrix = dyn_cast<RankedTensorType>(weight);
  if (!matrix || matrix.getRank() != 2 || !matrix.hasStaticShape()) // C1
    return op->emitOpError("weight must be a static matrix, got ") << weight;
  Type element = matrix.getElementType();
  bool quantized = isa<QuantizedType>(element);
  if (!quantized && !element.isF32() && !element.isF16() && !element.isBF16()) // C1
    return op->emitOpError("no weight has element type ") << element;
  bool fits = quantized ? activation.isInteger(8)
                        : activation.isF32() || (activation.isBF16() && element.isBF16());
  if (!fits) // C2
    return op->emitOpError("activation ") << activation << " does not fit weight " << element;
  return success();
}

static int64_t columnsOf(Value rows) { return cast<MemRefType>(rows.getType()).getDimSize(1); }

LogicalResult TileLinearOp::verify() {
  if (failed(verifyFormat(*this, getWeightType(), getActivation())))
    return failure();
  int64_t expected = getGated() ? getRows() / 2 : getRows();
  if (columnsOf(getResult()) != expected) // C3
    return emitOpError("result must have ")
           << expected << " columns, got " << columnsOf(getResult());
  if (getResidual() && columnsOf(getResidual()) != expected) // C3
    return emitOpError("residual must have ") << expected << " columns";
  if (getGated() && (getResidual() || getRows() % (2 * kPanelRows) != 0)) // C4
    return emitOpError("gated takes rows that divide by ")
           << 2 * kPanelRows << " and no residual, got " << getRows();
  return success();
}

LogicalResult TilePrepareOp::verify() {
  if (failed(verifyFormat(*this, getWeightType(), getActivation())))
    return failure();
  if (columnsOf(getRows()) != getColumns()) // C1
    return emitOpError("rows must have ")
           << getColumns() << " columns, got " << columnsOf(getRows());
  if (static_cast<bool>(getNorm()) != getEps().has_value()) // C3
    return emitOpError("eps must be given where norm is");
  Type element = getWeight().getElementType();
  if (getCount() && !isa<QuantizedType>(element) && !element.isF16()) // C4
    return emitOpError("count fits quantised and f16 weights alone, got ") << element;
  return success();
}

LogicalResult TileEmbedOp::verify() {
  if (failed(verifyFormat(*this, getWeightType(),
                          isa<QuantizedType>(getWeight().getElementType())
                              ? Type(IntegerType::get(getContext(), 8))
                              : Type(Float32Type::get(getContext())))))
    return failure();
  if (columnsOf(getResult()) != getWeight().getDimSize(1)) // C1
    return emitOpError("result must have ") << getWeight().getDimSize(1) << " columns";
  return success();
}

} // namespace phidias::phi
