// Quantised weights → f32 with the same values.

#include "phidias/Quantize/Passes.h"

using namespace mlir;
using namespace phidias;
using namespace phidias::phi;

namespace phidias {
#define GEN_PASS_DEF_WIDENWEIGHTSPASS
#include "phidias/Quantize/Passes.h.inc"
} // namespace phidias

namespace {

struct WidenWeights : phidias::impl::WidenWeightsPassBase<WidenWeights> {
  void runOnOperation() override {
    for (auto weight : getOperation().getOps<WeightOp>()) {
      RankedTensorType type = weight.getTensorType();
      if (!isa<QuantizedType>(type.getElementType()))
        continue;
      weight.setThrough(type.getElementType());
      weight.setType(RankedTensorType::get(type.getShape(), Float32Type::get(&getContext())));
    }
  }
};

} // namespace
