// Who a thread is.

#include "sim/Machine.h"

using namespace phirt::sim;

// Blocks and grids have one dimension.
int64_t phisim_thread_id(int32_t dimension) { return dimension == 0 ? current->index : 0; }
int64_t phisim_block_id(int32_t dimension) { return dimension == 0 ? current->block->index : 0; }
int64_t phisim_block_dim(int32_t dimension) {
  return dimension == 0 ? static_cast<int64_t>(current->block->threads.size()) : 1;
}
int64_t phisim_grid_dim(int32_t dimension) { return dimension == 0 ? host->grid : 1; }
int64_t phisim_lane_id() { return current->lane; }
void *phisim_shared() { return current->block->shared.data(); }
