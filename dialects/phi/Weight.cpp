#include "dialects/phi/Printing.h"

using namespace mlir;

namespace phidias::phi {

LogicalResult PartAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t rows,
                               StringAttr element, int64_t permutedHeads) {
  if (rows < 1)
    return emitError() << "a part must have at least 1 row, got " << rows;
  if (permutedHeads < 0 || (permutedHeads > 0 && rows % (2 * permutedHeads) != 0)) // C5
    return emitError() << "rows of a permuted part must divide by " << 2 * permutedHeads << ", got "
                       << rows;
  return success();
}

ParseResult parseFamily(OpAsmParser &parser, IntegerAttr &count, TypeAttr &type) {
  int64_t members = 0;
  OptionalParseResult number = parser.parseOptionalInteger(members);
  if (number.has_value() && (failed(*number) || parser.parseKeyword("x")))
    return failure();
  Type tensor;
  if (parser.parseType(tensor))
    return failure();
  count = parser.getBuilder().getI64IntegerAttr(members);
  type = TypeAttr::get(tensor);
  return success();
}

void printFamily(OpAsmPrinter &printer, Operation *, IntegerAttr count, TypeAttr type) {
  if (count && count.getInt() > 0)
    printer << count.getInt() << " x ";
  printer << type.getValue();
}

int64_t WeightOp::getMemberBytes() {
  return getTensorType().getNumElements() * getTensorType().getElementTypeBitWidth() / 8;
}

static LogicalResult verifyType(WeightOp op) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type || type.getRank() != 2 || !type.hasStaticShape() || type.getNumElements() < 1) // C1
    return op.emitOpError("type must be a static, non-empty matrix, got ") << op.getType();
  Type element = type.getElementType();
  if (!element.isF32() && !element.isF16() && !element.isBF16()) // C4
    return op.emitOpError("element type must be f32, f16 or bf16, got ") << element;
  return success();
}

LogicalResult WeightOp::verify() {
  if (failed(verifyType(*this)))
    return failure();
  int64_t rows = 0;
  for (auto part : getParts().getAsRange<PartAttr>())
    rows += part.getRows();
  if (rows != getTensorType().getDimSize(0)) // C2
    return emitOpError("parts must have ")
           << getTensorType().getDimSize(0) << " rows together, got " << rows;
  SmallVector<int64_t> expected{getMembers(), static_cast<int64_t>(getParts().size()), 2};
  ArrayRef<int64_t> shape = getSources().getShapedType().getShape();
  if (shape != ArrayRef(expected)) // C3
    return emitOpError("sources must have shape [") << expected << "], got [" << shape << "]";
  return success();
}

} // namespace phidias::phi
