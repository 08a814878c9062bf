#pragma once
#include "targets/cuda/AttentionItem.h"

namespace phidias::cuda {

/// Items with few rows, or of any cache and head: by multiply-adds, some rows at a time.
void attendFew(const Attend &a);

} // namespace phidias::cuda
