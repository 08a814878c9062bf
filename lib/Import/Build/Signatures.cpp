#include "Signatures.h"

using namespace llvm;

namespace phidias {

ArrayRef<LayerRole> layerRoles() {
  static constexpr LayerRole kRoles[] = {
      {"input_norm", &LayerWeights::inputNorm},
      {"qkv", &LayerWeights::qkv},
      {"o", &LayerWeights::o},
      {"post_norm", &LayerWeights::postNorm},
      {"gate_up", &LayerWeights::gateUp},
      {"down", &LayerWeights::down},
  };
  return kRoles;
}

static bool sameParts(const Weight &a, const Weight &b) {
  return a.rows == b.rows && a.cols == b.cols &&
         equal(a.parts, b.parts, [](const WeightPart &x, const WeightPart &y) {
           return x.rows == y.rows && x.tensor->type == y.tensor->type &&
                  x.permutedHeads == y.permutedHeads;
         });
}

static bool sameSignature(const LayerWeights &a, const LayerWeights &b) {
  return all_of(layerRoles(),
                [&](const LayerRole &role) { return sameParts(a.*role.weight, b.*role.weight); });
}

LayerSignatures findSignatures(const ModelWeights &weights) {
  LayerSignatures result;
  for (const LayerWeights &layer : weights.layers) {
    auto known = find_if(result.bodies,
                         [&](const auto &layers) { return sameSignature(*layers.front(), layer); });
    result.order.push_back(known - result.bodies.begin());
    if (known == result.bodies.end())
      result.bodies.push_back({&layer});
    else
      known->push_back(&layer);
  }
  return result;
}

} // namespace phidias
