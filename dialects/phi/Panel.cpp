#include "dialects/phi/Panel.h"
#include "dialects/phi/PhiDialect.h"

using namespace mlir;

namespace phidias::phi {

StepLayout stepLayout(Type element) {
  StepLayout layout;
  auto quantized = dyn_cast<QuantizedType>(element);
  if (!quantized) {
    layout.bytes = element.getIntOrFloatBitWidth() / 8 * kPanelRows * kStepColumns;
    return layout;
  }
  auto part = [&](int64_t lines) {
    int64_t start = layout.bytes;
    layout.bytes += lines * kLineBytes;
    return start;
  };
  layout.codes = part(quantized.getBits() == 8 ? 16 : 8);
  if (quantized.getBits() == 6)
    layout.high = part(4);
  layout.scales = part(1);
  if (quantized.getMinimum())
    layout.minima = part(1);
  if (quantized.getSuper())
    layout.super = part(1);
  return layout;
}

int64_t panelBytes(Type element, int64_t rows, int64_t columns) {
  return llvm::divideCeil(rows, kPanelRows) * llvm::divideCeil(columns, kStepColumns) *
         stepLayout(element).bytes;
}

LogicalResult QuantizedType::verify(function_ref<InFlightDiagnostic()> emitError, int64_t bits,
                                    int64_t group, Type scale, int64_t zero, Type minimum,
                                    Type super, DenseI8ArrayAttr codebook, bool rotated) {
  if (bits != 4 && bits != 6 && bits != 8)
    return emitError() << "bits must be 4, 6 or 8, got " << bits;
  if (group != (bits == 6 ? 16 : 32))
    return emitError() << "group of " << bits << " bits must be " << (bits == 6 ? 16 : 32)
                       << ", got " << group;
  if (bits == 6 ? !scale.isInteger(8) || !super || !super.isF32() : !scale.isF16() || super)
    return emitError() << "scale must be f16 (of 6 bits: i8, with super f32), got " << scale;
  if (zero < 0 || zero >= 1 << bits)
    return emitError() << "zero must be a code of " << bits << " bits, got " << zero;
  if (minimum && (!minimum.isF16() || bits != 4 || zero != 0 || codebook))
    return emitError() << "a minimum must be f16, of 4 bits without zero or codebook";
  if (rotated && group != 32)
    return emitError() << "rotated needs groups of 32, got " << group;
  if (codebook && (codebook.size() != 16 || bits != 4 || zero != 0))
    return emitError() << "a codebook must have 16 entries, of 4 bits without zero";
  return success();
}

} // namespace phidias::phi
