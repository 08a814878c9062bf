// Chooses the element type of each weight by what reads it. No bytes are touched here: packing
// rounds to the types.

#include "dialects/phi/Formats.h"
#include "phidias/Quantize/Passes.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace phidias;
using namespace phidias::phi;

namespace phidias {
#define GEN_PASS_DEF_QUANTIZEPASS
#include "phidias/Quantize/Passes.h.inc"

bool isFormatName(StringRef name) {
  static constexpr llvm::StringLiteral kNames[] = {"int4", "int8", "bf16", "f16",
                                                   "f32",  "keep", "auto"};
  return llvm::is_contained(kNames, name);
}
} // namespace phidias

namespace {

bool isMatrix(WeightOp weight) { return weight.getTensorType().getDimSize(0) > 1; }

/// Some part lies quantised in the checkpoint.
bool isQuantized(WeightOp weight) {
  return llvm::any_of(weight.getParts().getAsRange<PartAttr>(), [](PartAttr part) {
    return isa_and_present<QuantizedType>(part.getStoredType());
  });
}

/// The type in which the checkpoint holds every part; null where they differ.
Type commonType(WeightOp weight) {
  Type first = cast<PartAttr>(weight.getParts()[0]).getStoredType();
  for (auto part : weight.getParts().getAsRange<PartAttr>())
    if (part.getStoredType() != first)
      return Type();
  return first;
}

/// f32 where there is no one type that holds the weight without loss.
Type keptType(WeightOp weight) {
  if (Type common = commonType(weight))
    return common;
  weight.emitWarning("parts have different types: @")
      << weight.getSymName() << " is widened to f32";
  return Float32Type::get(weight.getContext());
}

void setElementType(WeightOp weight, Type element) {
  RankedTensorType type = weight.getTensorType();
  weight.setType(RankedTensorType::get(type.getShape(), element));
}

struct Quantize : phidias::impl::QuantizePassBase<Quantize> {
  using QuantizePassBase::QuantizePassBase;

  void runOnOperation() override {
    if (failed(checkNames()))
      return signalPassFailure();
    std::string ofLayers = format == "auto" ? automatic() : format.getValue();
    std::string ofHead = endFormat(head, ofLayers), ofEmbed = endFormat(embed, ofLayers);
    llvm::StringSet<> heads = weightsReadBy<LogitsOp>(), embeds = weightsReadBy<EmbedOp>();
    for (auto weight : getOperation().getOps<WeightOp>()) {
      StringRef name = weight.getSymName();
      convert(weight, heads.contains(name) ? ofHead : embeds.contains(name) ? ofEmbed : ofLayers);
    }
  }

  LogicalResult checkNames() {
    for (StringRef name : {StringRef(format), StringRef(head), StringRef(embed)})
      if (!name.empty() && !isFormatName(name))
        return getOperation().emitError(
                   "weight format must be int4, int8, bf16, f16, f32, keep or auto, got ")
               << name;
    return success();
  }

  std::string automatic() {
    auto weights = getOperation().getOps<WeightOp>();
    bool quantized = llvm::any_of(
        weights, [](WeightOp weight) { return weight.isFamily() && isQuantized(weight); });
    return quantized ? "keep" : "int4";
  }

  /// Of head or embedding: as asked for, else as the layers, but never int4.
  static std::string endFormat(StringRef asked, StringRef ofLayers) {
    if (!asked.empty() && asked != "auto")
      return asked.str();
    return ofLayers == "int4" ? "int8" : ofLayers.str();
  }

  template <class ReaderOp> llvm::StringSet<> weightsReadBy() {
    llvm::StringSet<> names;
    getOperation().walk([&](ReaderOp reader) { names.insert(reader.getWeight()); });
    return names;
  }

  static void convert(WeightOp weight, StringRef format) {
    if (!isMatrix(weight))
      return setElementType(weight, Float32Type::get(weight.getContext()));
    setElementType(weight,
                   format == "keep" ? keptType(weight) : formatType(weight.getContext(), format));
  }
};

} // namespace
