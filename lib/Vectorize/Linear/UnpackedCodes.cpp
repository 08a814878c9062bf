// Codes for a long pass: unpacked once, in scratch, for all of its tokens.

#include "IntegerPanels.h"

using namespace mlir;

namespace phidias::vec {

int64_t IntegerPanels::scalesAt() const {
  return c.schedule.getChunk() / 4 * c.schedule.getPanels() * phi::kLineBytes;
}

int64_t IntegerPanels::minimaAt() const {
  return scalesAt() + c.schedule.getChunk() / 32 * c.schedule.getPanels() * phi::kLineBytes;
}

void IntegerPanels::storeFloats(Value lanes, Value at) const {
  e.store(codes.asBytes(lanes), c.op.getScratch(), at);
}

Value IntegerPanels::loadFloats(Value at) const {
  Value bytes = e.load(phi::kLineBytes, c.op.getScratch(), at);
  return vector::BitCastOp::create(e.b, e.loc, e.floats(kLanes), bytes);
}

void IntegerPanels::unpackStep(Value start, Value index, int64_t panel) const {
  int64_t panels = c.schedule.getPanels();
  for (int64_t half = 0; half < 2; ++half) {
    Value group = e.add(e.mul(index, 2), half);
    Values quads = codes.unpackHalf(start, half);
    Value quad = e.mul(group, kQuads * panels);
    for (int64_t q = 0; q < kQuads; ++q)
      e.store(quads[q], c.op.getScratch(), e.mul(e.add(quad, q * panels + panel), phi::kLineBytes));
    Value lane = e.mul(e.add(e.mul(group, panels), panel), phi::kLineBytes);
    storeFloats(c.halves(start, c.step.scales + 32 * half), e.add(lane, scalesAt()));
    if (type.getMinimum())
      storeFloats(c.halves(start, c.step.minima + 32 * half), e.add(lane, minimaAt()));
  }
}

void IntegerPanels::multiplyGroup(Value group, Value column, ValueRange records, int64_t,
                                  MutableArrayRef<Value> acc) const {
  int64_t panels = c.schedule.getPanels(), tokens = records.size();
  Value groupColumn = e.add(column, e.mul(group, 32));
  Value wholeGroup = e.div(groupColumn, 32), word = e.div(groupColumn, 4);
  Values dots;
  for (int64_t p = 0; p < panels; ++p)
    for (int64_t t = 0; t < tokens; ++t)
      dots.push_back(seed(records[t], wholeGroup));
  Value first = e.mul(group, kQuads * panels * phi::kLineBytes);
  for (int64_t q = 0; q < kQuads; ++q) {
    Values values;
    for (Value record : records)
      values.push_back(activation(record, e.add(word, q)));
    for (int64_t p = 0; p < panels; ++p) {
      Value quad = e.load(phi::kLineBytes, c.op.getScratch(),
                          e.add(first, (q * panels + p) * phi::kLineBytes));
      for (int64_t t = 0; t < tokens; ++t)
        dots[p * tokens + t] = codes.dot(dots[p * tokens + t], quad, values[t]);
    }
  }
  for (int64_t p = 0; p < panels; ++p) {
    Value lane = e.mul(e.add(e.mul(group, panels), p), phi::kLineBytes);
    Value scale = loadFloats(e.add(lane, scalesAt()));
    Value minimum = type.getMinimum() ? loadFloats(e.add(lane, minimaAt())) : Value();
    for (int64_t t = 0; t < tokens; ++t)
      acc[p * tokens + t] =
          fold(acc[p * tokens + t], dots[p * tokens + t], scale, minimum, records[t], wholeGroup);
  }
}

} // namespace phidias::vec
