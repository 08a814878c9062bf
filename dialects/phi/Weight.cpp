#include "dialects/phi/Formats.h"
#include "dialects/phi/Panel.h"
#include "dialects/phi/Printing.h"
#include "mlir/IR/BuiltinOps.h"

using namespace mlir;

namespace phidias::phi {

/// What checkpoints hold; the names are those of phidias/Import/Checkpoint.h.
static constexpr llvm::StringLiteral kElements[] = {"f32",  "f16",  "bf16", "q4_0",
                                                    "q4_1", "q8_0", "q6_k"};

LogicalResult PartAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t rows,
                               StringAttr element, int64_t permutedHeads) {
  if (rows < 1)
    return emitError() << "a part must have at least 1 row, got " << rows;
  if (!llvm::is_contained(kElements, element.getValue())) // C7
    return emitError() << "a part's elements must be f32, f16, bf16, q4_0, q4_1, q8_0 or q6_k, got "
                       << element;
  if (permutedHeads < 0 || (permutedHeads > 0 && rows % (2 * permutedHeads) != 0)) // C5
    return emitError() << "rows of a permuted part must divide by " << 2 * permutedHeads << ", got "
                       << rows;
  return success();
}

Type PartAttr::getStoredType() { return formatType(getContext(), getElement()); }

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
  RankedTensorType type = getTensorType();
  if (getPacked() && getPacked()->getPanels())
    return panelBytes(type.getElementType(), type.getDimSize(0), type.getDimSize(1));
  return type.getNumElements() * type.getElementTypeBitWidth() / 8;
}

static LogicalResult verifyType(WeightOp op) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type || type.getRank() != 2 || !type.hasStaticShape() || type.getNumElements() < 1) // C1
    return op.emitOpError("type must be a static, non-empty matrix, got ") << op.getType();
  Type element = type.getElementType();
  if (!element.isF32() && !element.isF16() && !element.isBF16() &&
      !isa<QuantizedType>(element)) // C4
    return op.emitOpError("element type must be f32, f16, bf16 or !phi.quantized, got ") << element;
  return success();
}

static LogicalResult verifyThrough(WeightOp op) {
  auto through = op.getThrough();
  if (through &&
      (!isa<QuantizedType>(*through) || !op.getTensorType().getElementType().isF32())) // C9
    return op.emitOpError("through must be !phi.quantized, of f32 elements, got ") << *through;
  return success();
}

static LogicalResult verifyParts(WeightOp op) {
  int64_t expected = op.getTensorType().getDimSize(0), rows = 0;
  for (auto part : op.getParts().getAsRange<PartAttr>())
    if (llvm::AddOverflow(rows, part.getRows(), rows))
      return op.emitOpError("parts must have ") << expected << " rows together, got far more";
  if (rows != expected) // C2
    return op.emitOpError("parts must have ") << expected << " rows together, got " << rows;
  return success();
}

static LogicalResult verifySources(WeightOp op) {
  SmallVector<int64_t> expected{op.getMembers(), static_cast<int64_t>(op.getParts().size()), 2};
  ArrayRef<int64_t> shape = op.getSources().getShapedType().getShape();
  if (shape != ArrayRef(expected)) // C3
    return op.emitOpError("sources must have shape [") << expected << "], got [" << shape << "]";
  for (int64_t source : op.getSources().getValues<int64_t>())
    if (source < 0) // C6
      return op.emitOpError("sources must not be negative, got ") << source;
  return success();
}

static LogicalResult verifyFiles(WeightOp op) {
  auto module = op->getParentOfType<ModuleOp>();
  auto files = module ? module->getAttrOfType<ArrayAttr>("phi.files") : ArrayAttr();
  if (!files)
    return success();
  for (auto [i, source] : llvm::enumerate(op.getSources().getValues<int64_t>()))
    if (i % 2 == 0 && source >= static_cast<int64_t>(files.size())) // C8
      return op.emitOpError("sources must be files of phi.files, which has ")
             << files.size() << ", got file " << source;
  return success();
}

LogicalResult WeightOp::verify() {
  return success(succeeded(verifyType(*this)) && succeeded(verifyParts(*this)) &&
                 succeeded(verifySources(*this)) && succeeded(verifyFiles(*this)) &&
                 succeeded(verifyThrough(*this)));
}

} // namespace phidias::phi
