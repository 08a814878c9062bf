#include "ActivationRecord.h"

using namespace mlir;

namespace phidias::vec {

constexpr int64_t kLanes = 16;
constexpr int64_t kEight = 8; ///< columns of a token that lie together in a pair's record

void ActivationRecord::enter(Value token) {
  if (!acts.pairs) {
    record = e.mul(token, acts.bytes);
    return;
  }
  record = e.mul(e.div(token, 2), 2 * acts.bytes);
  second = e.rem(token, 2);
}

void ActivationRecord::storeFloats(Value part, Value k) const {
  int64_t width = op.getActivation().getIntOrFloatBitWidth() / 8;
  if (width == 2)
    part = arith::TruncFOp::create(e.b, e.loc, e.vector(kLanes, e.b.getBF16Type()), part);
  storeBytes(part, kLanes * width, e.mul(k, width));
}

void ActivationRecord::storeBytes(Value lanes, int64_t bytes, Value at) const {
  if (bytes != kLanes || !getElementTypeOrSelf(lanes).isInteger(8))
    lanes = vector::BitCastOp::create(e.b, e.loc, e.vector(bytes, e.b.getI8Type()), lanes);
  e.store(lanes, op.getActivations(), e.add(record, at));
}

void ActivationRecord::storeCodes(Value codes, Value k) const {
  if (!acts.pairs)
    return storeBytes(codes, kLanes, k);
  Value first = e.add(e.mul(k, 2), e.mul(second, kEight));
  for (int64_t i = 0; i < kLanes; i += kEight)
    e.store(vector::ExtractStridedSliceOp::create(e.b, e.loc, codes, i, kEight, 1),
            op.getActivations(), e.add(record, e.add(first, 2 * i)));
}

void ActivationRecord::storeWord(Value word, Value group, int64_t part) const {
  Value first = acts.pairs ? e.add(e.mul(group, 4), second) : group;
  for (int64_t copy = 0; copy < (acts.pairs ? 2 : 1); ++copy) {
    Value number = copy == 0 ? first : e.add(first, 2);
    Value at = e.add(e.mul(number, sizeof(float)), part);
    Value one = vector::BroadcastOp::create(e.b, e.loc, e.vector(1, word.getType()), word);
    storeBytes(one, sizeof(float), at);
  }
}

} // namespace phidias::vec
