#include "phidias/Import/Checkpoint.h"

using namespace llvm;

namespace phidias {

const ElementLayout &layoutOf(ElementType type) {
  static const ElementLayout kLayouts[] = {
      {"f32", 1, 4},    {"f16", 1, 2},    {"bf16", 1, 2},     {"q4_0", 32, 18},
      {"q4_1", 32, 20}, {"q8_0", 32, 34}, {"q6_k", 256, 210},
  };
  return kLayouts[static_cast<size_t>(type)];
}

const TensorInfo *Checkpoint::find(StringRef name) const {
  auto at = tensorByName.find(name);
  return at == tensorByName.end() ? nullptr : &tensors[at->second];
}

ArrayRef<uint8_t> Checkpoint::bytes(const TensorInfo &tensor) const {
  auto *start = reinterpret_cast<const uint8_t *>(files[tensor.file].buffer->getBufferStart());
  return {start + tensor.offset, tensor.bytes};
}

} // namespace phidias
