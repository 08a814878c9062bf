#include "dialects/phi/Activations.h"
#include "dialects/phi/Panel.h"
#include "dialects/phi/PhiDialect.h"

using namespace mlir;

namespace phidias::phi {

ActivationLayout activationLayout(Type weight, Type activation, int64_t columns) {
  ActivationLayout layout;
  layout.padded = llvm::alignTo(columns, kStepColumns);
  layout.bytes = layout.padded * activation.getIntOrFloatBitWidth() / 8;
  if (auto quantized = dyn_cast<QuantizedType>(weight)) {
    layout.sumGroup = quantized.getGroup();
    layout.scales = layout.bytes;
    layout.sums = layout.scales + layout.padded / 32 * sizeof(float);
    layout.bytes = layout.sums + layout.padded / layout.sumGroup * sizeof(int32_t);
  }
  layout.bytes = llvm::alignTo(layout.bytes, kLineBytes);
  return layout;
}

Type activationFor(Type weight, bool bf16Dot) {
  MLIRContext *context = weight.getContext();
  if (isa<QuantizedType>(weight))
    return IntegerType::get(context, 8);
  return weight.isBF16() && bf16Dot ? weight : Float32Type::get(context);
}

int64_t dotZero(Type weight) {
  auto quantized = cast<QuantizedType>(weight);
  return quantized.getCodebook() ? 128 : quantized.getZero();
}

SmallVector<int8_t> unsignedTable(DenseI8ArrayAttr codebook) {
  SmallVector<int8_t> table;
  for (int8_t entry : codebook.asArrayRef())
    table.push_back(static_cast<int8_t>(entry + 128));
  return table;
}

} // namespace phidias::phi
