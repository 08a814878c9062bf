#include "BuildWeights.h"

using namespace mlir;

namespace phidias {

static phi::PartAttr partAttr(MLIRContext *context, const WeightPart &part) {
  auto element = StringAttr::get(context, layoutOf(part.tensor->type).name);
  return phi::PartAttr::get(context, part.rows, element, part.permutedHeads);
}

/// What holds every part without loss: the parts' own type where it is one, else f32.
static Type commonType(ArrayRef<Attribute> parts) {
  Type first = cast<phi::PartAttr>(parts.front()).getStoredType();
  bool same = llvm::all_of(
      parts, [&](Attribute part) { return cast<phi::PartAttr>(part).getStoredType() == first; });
  return same ? first : Float32Type::get(first.getContext());
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

void emitWeight(OpBuilder &b, StringRef name, ArrayRef<const Weight *> members, bool family) {
  const Weight &first = *members.front();
  SmallVector<Attribute> parts;
  for (const WeightPart &part : first.parts)
    parts.push_back(partAttr(b.getContext(), part));
  auto type = RankedTensorType::get({first.rows, first.cols}, commonType(parts));
  phi::WeightOp::create(b, b.getUnknownLoc(), b.getStringAttr(name),
                        b.getI64IntegerAttr(family ? members.size() : 0), TypeAttr::get(type),
                        b.getArrayAttr(parts), sourcesOf(b, members), phi::PackedAttr(),
                        TypeAttr());
}

} // namespace phidias
