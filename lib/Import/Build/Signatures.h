#pragma once
/// Which layers can share one body.

#include "phidias/Import/Phi/Model.h"

namespace phidias {

/// The roles of a layer's weights, in the order of their use.
struct LayerRole {
  llvm::StringLiteral name; ///< symbol name
  Weight LayerWeights::*weight;
};
llvm::ArrayRef<LayerRole> layerRoles();

/// Body of each layer: layers with equal parts (rows, types, permutation) of every weight share
/// one.
struct LayerSignatures {
  llvm::SmallVector<int64_t> order;                      ///< [layers]
  std::vector<std::vector<const LayerWeights *>> bodies; ///< the layers of each body
};
LayerSignatures findSignatures(const ModelWeights &weights);

} // namespace phidias
