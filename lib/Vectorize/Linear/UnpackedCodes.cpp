// Codes for a long pass: unpacked once, in scratch, for all of its tokens.

#include "IntegerPanels.h"
#include "Rescale.h"

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

void IntegerPanels::storeQuads(ValueRange quads, Value group, int64_t panel) const {
  int64_t panels = c.schedule.getPanels();
  Value first = e.mul(group, kQuads * panels);
  for (int64_t q = 0; q < kQuads; ++q)
    e.store(quads[q], c.op.getScratch(), e.mul(e.add(first, q * panels + panel), phi::kLineBytes));
}

void IntegerPanels::unpackHalf(Value start, int64_t half, Value group, int64_t panel) const {
  storeQuads(codes.unpackHalf(start, half), group, panel);
  Value lane = e.mul(e.add(e.mul(group, c.schedule.getPanels()), panel), phi::kLineBytes);
  storeFloats(c.halves(start, c.step.scales + 32 * half), e.add(lane, scalesAt()));
  if (type.getMinimum())
    storeFloats(c.halves(start, c.step.minima + 32 * half), e.add(lane, minimaAt()));
}

void IntegerPanels::unpackStep(Value start, Value index, int64_t panel) const {
  if (c.block > 32)
    return unpackBlock(start, index, panel);
  for (int64_t half = 0; half < 2; ++half)
    unpackHalf(start, half, e.add(e.mul(index, 2), half), panel);
}

void IntegerPanels::unpackBlock(Value start, Value index, int64_t panel) const {
  Values scales;
  for (int64_t step = 0; step < unpackSteps(); ++step)
    for (int64_t half = 0; half < 2; ++half)
      scales.push_back(c.halves(e.add(start, step * c.step.bytes), c.step.scales + 32 * half));
  BlockScale common(e, scales);
  e.loop(e.index(0), e.index(unpackSteps()), 1, [&](Value step) {
    Value at = e.add(start, e.mul(step, c.step.bytes));
    for (int64_t half = 0; half < 2; ++half) {
      Value own = common.multipliers(c.halves(at, c.step.scales + 32 * half));
      Values quads = codes.entriesOfHalf(at, half);
      for (Value &quad : quads)
        quad = codes.fromSigned(common.rescaled(quad, own));
      storeQuads(quads, e.add(e.mul(e.add(index, step), 2), half), panel);
    }
  });
  Value block = e.div(index, unpackSteps());
  Value lane = e.mul(e.add(e.mul(block, c.schedule.getPanels()), panel), phi::kLineBytes);
  storeFloats(common.scale(), e.add(lane, scalesAt()));
}

void IntegerPanels::multiplyQuads(Value quad, Value word, int64_t count, ValueRange records,
                                  MutableArrayRef<Value> dots) const {
  int64_t panels = c.schedule.getPanels(), tokens = records.size();
  Value first = e.mul(quad, panels * phi::kLineBytes);
  for (int64_t q = 0; q < count; ++q) {
    Values values;
    for (Value record : records)
      values.push_back(activation(record, e.add(word, q)));
    for (int64_t p = 0; p < panels; ++p) {
      Value codesOf = e.load(phi::kLineBytes, c.op.getScratch(),
                             e.add(first, (q * panels + p) * phi::kLineBytes));
      for (int64_t t = 0; t < tokens; ++t)
        dots[p * tokens + t] = codes.dot(dots[p * tokens + t], codesOf, values[t]);
    }
  }
}

void IntegerPanels::multiplyColumns(Value group, Value whole, ValueRange records,
                                    MutableArrayRef<Value> dots) const {
  constexpr int64_t kFew = 2; // quads of a small loop
  Value quad = e.mul(group, kQuads), word = e.mul(whole, kQuads);
  if (!c.target.smallLoops)
    return multiplyQuads(quad, word, kQuads, records, dots);
  Values sums(dots);
  sums = e.loop(e.index(0), e.index(kQuads), kFew, sums, [&](Value q, ValueRange carried) {
    Values next(carried);
    multiplyQuads(e.add(quad, q), e.add(word, q), kFew, records, next);
    return next;
  });
  llvm::copy(sums, dots.begin());
}

void IntegerPanels::multiplyGroup(Value block, Value column, ValueRange records, int64_t,
                                  Sums sums) const {
  int64_t panels = c.schedule.getPanels(), tokens = records.size(), groups = c.block / 32;
  Value group = e.mul(block, groups), whole = e.add(e.div(column, 32), group);
  Values dots;
  for (int64_t p = 0; p < panels; ++p)
    for (int64_t t = 0; t < tokens; ++t)
      dots.push_back(seedOf(records[t], whole, groups));
  if (groups == 1)
    multiplyColumns(group, whole, records, dots);
  else
    dots = e.loop(e.index(0), e.index(groups), 1, dots, [&](Value i, ValueRange carried) {
      Values next(carried);
      multiplyColumns(e.add(group, i), e.add(whole, i), records, next);
      return next;
    });
  MutableArrayRef<Value> acc = sums();
  for (int64_t p = 0; p < panels; ++p) {
    Value lane = e.mul(e.add(e.mul(block, panels), p), phi::kLineBytes);
    Value scale = loadFloats(e.add(lane, scalesAt()));
    Value minimum = type.getMinimum() ? loadFloats(e.add(lane, minimaAt())) : Value();
    for (int64_t t = 0; t < tokens; ++t)
      acc[p * tokens + t] =
          fold(acc[p * tokens + t], dots[p * tokens + t], scale, minimum, records[t], whole);
  }
}

} // namespace phidias::vec
