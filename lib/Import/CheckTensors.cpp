#include "phidias/Import/CheckTensors.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace phidias {

static Error tensorError(const Checkpoint &checkpoint, const TensorInfo &tensor,
                         const Twine &what) {
  return createStringError("%s: tensor %s: %s", checkpoint.files[tensor.file].path.c_str(),
                           tensor.name.c_str(), what.str().c_str());
}

static Error sizeTensor(const Checkpoint &checkpoint, TensorInfo &tensor) {
  const ElementLayout &layout = layoutOf(tensor.type);
  uint64_t elements = 1;
  bool overflow = false;
  for (int64_t dimension : tensor.shape) {
    if (dimension < 1)
      return tensorError(checkpoint, tensor,
                         "expected sizes of at least 1, got " + Twine(dimension));
    bool now = false;
    elements = SaturatingMultiply<uint64_t>(elements, dimension, &now);
    overflow |= now;
  }
  if (overflow || elements > std::numeric_limits<int64_t>::max() / 4)
    return tensorError(checkpoint, tensor, "its shape is larger than any file");
  if (tensor.shape.empty())
    return tensorError(checkpoint, tensor, "expected at least one dimension, got none");
  if (tensor.shape.back() % layout.blockElements != 0)
    return tensorError(checkpoint, tensor,
                       "rows must be multiples of " + Twine(layout.blockElements) + " elements");
  tensor.bytes = elements / layout.blockElements * layout.blockBytes;
  uint64_t size = checkpoint.files[tensor.file].buffer->getBufferSize();
  if (tensor.offset > size || tensor.bytes > size - tensor.offset)
    return tensorError(checkpoint, tensor,
                       "bytes " + Twine(tensor.offset) + " to " +
                           Twine(SaturatingAdd(tensor.offset, tensor.bytes)) +
                           " lie outside the file, which has " + Twine(size));
  return Error::success();
}

static Error checkOverlaps(const Checkpoint &checkpoint) {
  std::vector<const TensorInfo *> order;
  for (const TensorInfo &tensor : checkpoint.tensors)
    order.push_back(&tensor);
  llvm::sort(order, [](const TensorInfo *a, const TensorInfo *b) {
    return std::pair(a->file, a->offset) < std::pair(b->file, b->offset);
  });
  for (size_t i = 1; i < order.size(); ++i)
    if (order[i]->file == order[i - 1]->file &&
        order[i - 1]->offset + order[i - 1]->bytes > order[i]->offset)
      return tensorError(checkpoint, *order[i], "overlaps tensor " + order[i - 1]->name);
  return Error::success();
}

Error checkTensors(Checkpoint &checkpoint) {
  for (auto [i, tensor] : enumerate(checkpoint.tensors)) {
    if (Error failure = sizeTensor(checkpoint, tensor))
      return failure;
    if (!checkpoint.tensorByName.try_emplace(tensor.name, i).second)
      return tensorError(checkpoint, tensor, "occurs twice");
  }
  return checkOverlaps(checkpoint);
}

} // namespace phidias
