#include "dialects/phi/Activations.h"
#include "dialects/phi/Panel.h"
#include "dialects/phi/PhiDialect.h"

using namespace mlir;

namespace phidias::phi {

/// Two tokens' record, and what is said of a group said twice.
static void makePairs(ActivationLayout &layout) {
  constexpr int64_t kGroupBytes = 4 * sizeof(float);
  layout.pairs = true;
  layout.scales = 2 * layout.padded;
  layout.sums = layout.scales + layout.padded / 32 * kGroupBytes;
  layout.bytes = (layout.sums + layout.padded / layout.sumGroup * kGroupBytes) / 2;
}

/// A power of two that divides the columns of a record.
static void makeBlocks(ActivationLayout &layout) {
  layout.block = std::gcd(layout.padded, kLargestBlock);
  if (layout.pairs)
    return;
  layout.blockSums = layout.bytes;
  layout.bytes += layout.padded / layout.block * sizeof(int32_t);
}

/// It takes the place of all else in the record.
static void addWideRow(ActivationLayout &layout, int64_t parts) {
  layout.wideParts = parts;
  layout.factor = 2 * parts * layout.padded;
  layout.bytes = std::max<int64_t>(layout.bytes, layout.factor + sizeof(float));
}

ActivationLayout activationLayout(Type weight, Type activation, int64_t columns, bool matrix,
                                  bool wide) {
  ActivationLayout layout;
  layout.padded = llvm::alignTo(columns, kStepColumns);
  layout.bytes = layout.padded * activation.getIntOrFloatBitWidth() / 8;
  if (auto quantized = dyn_cast<QuantizedType>(weight)) {
    layout.sumGroup = quantized.getGroup();
    layout.scales = layout.bytes;
    layout.sums = layout.scales + layout.padded / 32 * sizeof(float);
    layout.bytes = layout.sums + layout.padded / layout.sumGroup * sizeof(int32_t);
    if (matrix)
      makePairs(layout);
    if (wide)
      addWideRow(layout, 1);
    else if (quantized.getCodebook())
      makeBlocks(layout);
  } else if (wide && weight.isF16()) {
    addWideRow(layout, 2);
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

bool exceedsSigned(Type weight) {
  auto quantized = cast<QuantizedType>(weight);
  return quantized.getCodebook() || quantized.getBits() == 8;
}

int64_t dotZero(Type weight, bool signedCodes) {
  auto quantized = cast<QuantizedType>(weight);
  int64_t zero = quantized.getCodebook() ? 128 : quantized.getZero();
  return signedCodes && exceedsSigned(weight) ? zero - 128 : zero;
}

SmallVector<int8_t> dotTable(DenseI8ArrayAttr codebook, bool signedCodes) {
  SmallVector<int8_t> table;
  for (int8_t entry : codebook.asArrayRef())
    table.push_back(static_cast<int8_t>(signedCodes ? entry : entry + 128));
  return table;
}

} // namespace phidias::phi
