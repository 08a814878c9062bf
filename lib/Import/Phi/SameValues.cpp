#include "SameValues.h"

using namespace llvm;

namespace phidias {

static void decodeRow(const Checkpoint &checkpoint, const TensorInfo &tensor, int64_t row,
                      MutableArrayRef<float> target) {
  const ElementLayout &layout = layoutOf(tensor.type);
  uint64_t rowBytes = target.size() / layout.blockElements * layout.blockBytes;
  decodeElements(tensor.type, checkpoint.bytes(tensor).data() + row * rowBytes, target.size(),
                 target.data());
}

bool sameValues(const Checkpoint &checkpoint, const TensorInfo &a, const TensorInfo &b) {
  if (a.type == b.type && checkpoint.bytes(a) == checkpoint.bytes(b))
    return true;
  int64_t columns = a.shape.back(), rows = a.shape.size() == 1 ? 1 : a.shape.front();
  std::vector<float> left(columns), right(columns);
  for (int64_t row = 0; row < rows; ++row) {
    decodeRow(checkpoint, a, row, left);
    decodeRow(checkpoint, b, row, right);
    if (left != right)
      return false;
  }
  return true;
}

} // namespace phidias
