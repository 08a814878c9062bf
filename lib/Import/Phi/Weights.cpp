#include "PhiInternal.h"

using namespace llvm;

namespace phidias {

static std::string shapeText(ArrayRef<int64_t> shape) {
  std::string text = "[";
  for (auto [i, size] : enumerate(shape))
    text += (i ? ", " : "") + std::to_string(size);
  return text + "]";
}

Error WeightFinder::tensorError(const std::string &name, const Twine &what) const {
  return createStringError("%s: tensor %s: %s", checkpoint.path.c_str(), name.c_str(),
                           what.str().c_str());
}

Expected<const TensorInfo *> WeightFinder::require(const std::string &name) {
  const TensorInfo *tensor = checkpoint.find(name);
  if (!tensor)
    return tensorError(name, "is missing");
  used[name] = true;
  return tensor;
}

Error WeightFinder::append(Weight &weight, const Twine &name, int64_t rows, int64_t permutedHeads) {
  std::string text = name.str();
  auto tensor = require(text);
  if (!tensor)
    return tensor.takeError();
  int64_t expected[] = {rows, weight.cols};
  if (ArrayRef<int64_t>((*tensor)->shape) != ArrayRef(expected))
    return tensorError(text, "expected shape " + shapeText(expected) + ", got " +
                                 shapeText((*tensor)->shape));
  weight.parts.push_back({*tensor, 0, rows, permutedHeads});
  weight.rows += rows;
  return Error::success();
}

Error WeightFinder::vector(Weight &weight, const Twine &name, int64_t size) {
  std::string text = name.str();
  auto tensor = require(text);
  if (!tensor)
    return tensor.takeError();
  if (ArrayRef<int64_t>((*tensor)->shape) != ArrayRef(size))
    return tensorError(text, "expected shape " + shapeText(size) + ", got " +
                                 shapeText((*tensor)->shape));
  weight = {{{*tensor, 0, 1, 0}}, 1, size};
  return Error::success();
}

void WeightFinder::use(StringRef name) { used[name] = true; }

Error WeightFinder::checkAllUsed() const {
  for (const TensorInfo &tensor : checkpoint.tensors)
    if (!used.contains(tensor.name))
      return tensorError(tensor.name, StringRef(tensor.name).ends_with("bias")
                                          ? "biases are not supported"
                                          : "is no part of a supported model");
  return Error::success();
}

} // namespace phidias
