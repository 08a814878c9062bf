#pragma once
#include "targets/cuda/AttentionItem.h"

namespace phidias::cuda {

/// Whether the tensor cores can do it: f16 or i8 caches, heads of whole fragments that fit the
/// registers.
bool fitsTensorCores(const Attend &a);

/// Items with many rows, by tensor cores: queries, keys, values and weights as f16.
void attendMany(const Attend &a);

} // namespace phidias::cuda
