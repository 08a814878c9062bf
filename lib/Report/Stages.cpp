// One StageReport for each phi.stage.

#include "../Tile/Describe.h"
#include "InnerBlock.h"
#include "dialects/phi/Activations.h"

using namespace mlir;

namespace phidias {
namespace {

std::string typeName(Type element) {
  auto codes = dyn_cast<phi::QuantizedType>(element);
  if (!codes) {
    std::string name;
    llvm::raw_string_ostream(name) << element;
    return name;
  }
  if (codes.getBits() == 4)
    return codes.getCodebook() ? "int4 codebook" : codes.getMinimum() ? "q4_1" : "q4_0";
  return codes.getBits() == 6 ? "q6_k" : "int8";
}

/// Whether the checkpoint has the same elements: then they were kept, and nothing was lost.
bool isKept(phi::WeightOp weight) {
  std::string name = typeName(weight.getTensorType().getElementType());
  return llvm::all_of(weight.getParts().getAsRange<phi::PartAttr>(),
                      [&](phi::PartAttr part) { return part.getElement() == name; });
}

std::string shortfallOf(phi::WeightOp weight, const TargetSpec &target, bool asked) {
  Type element = weight.getTensorType().getElementType();
  if (!target.emitDevice && !report::hasUnpackedForm(element))
    return "q6_k has no unpacked form: where more than 8 rows are wanted it is unpacked for every "
           "8";
  if (isa<phi::QuantizedType>(element) || asked || isKept(weight))
    return "";
  return "its parts have different types, so that it is held in " + typeName(element) +
         " and multiplied without dot products";
}

void describeWeight(StageReport &r, phi::StageOp stage, phi::WeightOp weight,
                    const TargetSpec &target, bool asked) {
  RankedTensorType type = weight.getTensorType();
  Type activation = phi::activationFor(type.getElementType(), target.machine.bf16);
  r.weight = typeName(type.getElementType());
  r.rows = type.getDimSize(0);
  r.columns = type.getDimSize(1);
  r.product = report::productOf(target.products, type.getElementType(), activation);
  r.shortfall = shortfallOf(weight, target, asked);
  if (auto schedule = stage.getSchedule()) {
    r.streams = schedule->getStreams();
    r.prefetch = schedule->getPrefetch();
    r.tokens = schedule->getTokens();
    r.panels = schedule->getPanels();
    r.chunk = schedule->getChunk();
    if (!target.emitDevice) // the counts are of lib/Vectorize's code
      r.block = report::innerBlock(type.getElementType(), activation, r.columns, *schedule, target);
  }
}

} // namespace

std::vector<StageReport> reportStages(ModuleOp module, const TargetSpec &target, bool asked) {
  SymbolTable symbols(module);
  std::vector<StageReport> reports;
  module.walk([&](phi::StageOp stage) {
    DictionaryAttr known = tile::describe(stage, symbols);
    auto number = [&](StringRef name) { return known.getAs<IntegerAttr>(name).getInt(); };
    StageReport r;
    r.name = stage.getName().str();
    r.calls = number("calls");
    r.logitRows = number("rows") != 0;
    r.bytes = number("bytes");
    r.opsPerToken = 2 * number("macs");
    stage.walk([&](Operation *op) {
      if (isa<phi::LinearOp, phi::LogitsOp>(op))
        describeWeight(r, stage,
                       symbols.lookup<phi::WeightOp>(
                           op->getAttrOfType<FlatSymbolRefAttr>("weight").getValue()),
                       target, asked);
    });
    reports.push_back(std::move(r));
  });
  return reports;
}

} // namespace phidias
