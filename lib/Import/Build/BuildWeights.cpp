#include "BuildWeights.h"

using namespace mlir;

namespace phidias {

static Type floatType(MLIRContext *context, ElementType element) {
  switch (element) {
  case ElementType::F16:
    return Float16Type::get(context);
  case ElementType::BF16:
    return BFloat16Type::get(context);
  default: // quantised types are widened
    return Float32Type::get(context);
  }
}

Type storedType(MLIRContext *context, const Weight &weight, WeightFormat format) {
  Type f32 = Float32Type::get(context);
  if (format == WeightFormat::F32 || weight.rows == 1)
    return f32;
  if (format == WeightFormat::BF16)
    return BFloat16Type::get(context);
  Type first = floatType(context, weight.parts.front().tensor->type);
  for (const WeightPart &part : weight.parts)
    if (floatType(context, part.tensor->type) != first)
      return f32;
  return first;
}

static phi::PartAttr partAttr(MLIRContext *context, const WeightPart &part) {
  auto element = StringAttr::get(context, layoutOf(part.tensor->type).name);
  return phi::PartAttr::get(context, part.rows, element, part.permutedHeads);
}

/// (file, byte offset of the part's first row) for each member and part.
static DenseIntElementsAttr sourcesOf(OpBuilder &b, ArrayRef<const Weight *> members) {
  SmallVector<int64_t> values;
  for (const Weight *weight : members)
    for (const WeightPart &part : weight->parts) {
      const ElementLayout &layout = layoutOf(part.tensor->type);
      int64_t rowBytes = weight->cols / layout.blockElements * layout.blockBytes;
      values.push_back(part.tensor->file);
      values.push_back(part.tensor->offset + part.firstRow * rowBytes);
    }
  int64_t parts = members.front()->parts.size();
  auto type =
      RankedTensorType::get({static_cast<int64_t>(members.size()), parts, 2}, b.getI64Type());
  return DenseIntElementsAttr::get(type, values);
}

void emitWeight(OpBuilder &b, StringRef name, ArrayRef<const Weight *> members, bool family,
                WeightFormat format) {
  const Weight &first = *members.front();
  auto type =
      RankedTensorType::get({first.rows, first.cols}, storedType(b.getContext(), first, format));
  SmallVector<Attribute> parts;
  for (const WeightPart &part : first.parts)
    parts.push_back(partAttr(b.getContext(), part));
  phi::WeightOp::create(b, b.getUnknownLoc(), b.getStringAttr(name),
                        b.getI64IntegerAttr(family ? members.size() : 0), TypeAttr::get(type),
                        b.getArrayAttr(parts), sourcesOf(b, members), phi::PackedAttr());
}

} // namespace phidias
