// phi.tile_attention: for each item, one pass over the positions in blocks of 64: scores, softmax,
// values. A block that no row of the item sees is not visited.

#include "Attention.h"
#include "phidias/Vectorize/Vectorize.h"

using namespace mlir;

namespace phidias::vec {
namespace {

AttentionBuffers buffersFor(const Emitter &e, const AttentionShape &shape, Value scratch) {
  ScratchParts parts = shape.scratch();
  Type f32 = e.b.getF32Type(), i32 = e.b.getI32Type(), i8 = e.b.getI8Type();
  auto part = [&](int64_t start, ArrayRef<int64_t> sizes, Type type) {
    return e.view(scratch, e.index(start), MemRefType::get(sizes, type));
  };
  int64_t rows = shape.rows, d = shape.headDim;
  AttentionBuffers result;
  result.queries = part(parts.queries, {rows, d}, shape.isI8() ? i8 : f32);
  result.scores = part(parts.scores, {rows, kPositions}, f32);
  result.largest = part(parts.largest, shape.paddedRows, f32);
  result.fresh = part(parts.fresh, shape.paddedRows, f32);
  result.keep = part(parts.keep, shape.paddedRows, f32);
  result.sums = part(parts.sums, {rows, shape.lanes}, f32);
  result.out = part(parts.out, {rows, d}, f32);
  if (shape.isI8()) {
    result.queryWords = part(parts.queries, {rows, d / 4}, i32);
    result.queryScales = part(parts.queryScales, {rows, shape.groups()}, f32);
    result.seeds = part(parts.seeds, {rows, shape.groups()}, i32);
  }
  if (shape.codesWeights()) {
    result.codes = part(parts.codes, {rows, shape.groups(), 2, kPositions}, i8);
    result.codeWords = part(parts.codes, {rows * shape.groups() * 2, kPositions / kQuad}, i32);
    result.scales = part(parts.scales, {shape.groups(), kPositions}, f32);
    result.largestScales = part(parts.largestScales, shape.groups(), f32);
    result.peaks = part(parts.peaks, shape.paddedRows, f32);
    result.inverses = part(parts.inverses, shape.paddedRows, f32);
  }
  if (shape.widensKeys() || shape.widensValues())
    result.widened = part(parts.widened, (parts.end - parts.widened) / 4, f32);
  return result;
}

AttentionItem itemFor(const Attention &a, Value index) {
  const Emitter &e = a.e;
  phi::TileAttentionOp op = a.op;
  Value blocks = e.ceilDiv(op.getCount(), a.shape.tokens);
  AttentionItem item;
  if (Value splits = op.getSplits()) {
    item.split = e.rem(index, splits);
    index = e.div(index, splits);
  }
  item.head = e.div(index, blocks);
  item.token = e.mul(e.rem(index, blocks), a.shape.tokens);
  item.tokens = a.shape.tokens == 1
                    ? e.index(1)
                    : e.min(e.sub(op.getCount(), item.token), e.index(a.shape.tokens));
  item.rows = e.mul(item.tokens, a.shape.group);
  item.first = e.add(op.getPosition(), item.token);
  item.last = e.add(e.add(item.first, item.tokens), -1);
  item.region = cacheRegion(e, op.getCache(), op.getCacheLayout(), op.getLayer(), item.head,
                            op.getCapacity());
  return item;
}

/// Nothing seen yet. The lowest f32 instead of -infinity: a row may see nothing of its first
/// blocks, and the difference of two infinities is no number.
void clear(const Attention &a, const AttentionItem &item) {
  const Emitter &e = a.e;
  int64_t lanes = a.shape.lanes;
  Value lowest = e.splat(lanes, e.f32(-std::numeric_limits<float>::max()));
  e.loop(e.index(0), item.rows, lanes, [&](Value row) { e.store(lowest, a.buffers.largest, row); });
  int64_t step = llvm::bit_floor<uint64_t>(llvm::MinAlign(a.shape.headDim, lanes));
  e.loop(e.index(0), item.rows, 1, [&](Value row) {
    e.store(e.zeros(lanes), a.buffers.sums, {row, e.index(0)});
    e.loop(e.index(0), e.index(a.shape.headDim), step,
           [&](Value c) { e.store(e.zeros(step), a.buffers.out, {row, c}); });
  });
}

/// The first position that the item's first token sees, down to the start of a block.
Value firstBlock(const Attention &a, const AttentionItem &item) {
  const Emitter &e = a.e;
  if (!a.op.getWindow())
    return e.index(0);
  Value seen = e.add(item.first, 1 - static_cast<int64_t>(*a.op.getWindow()));
  return e.mul(e.div(e.max(seen, e.index(0)), kPositions), kPositions);
}

void attendBlock(const Attention &a, const AttentionItem &item, const PositionBlock &block) {
  if (a.shape.isI8())
    scorePositionsI8(a, item, block);
  else
    scorePositions(a, item, block);
  softmaxPositions(a, item, block);
  if (a.shape.codesWeights())
    addValuesI8(a, item, block);
  else
    addValues(a, item, block);
}

/// Where the item's positions start and end: all that it sees, or its part of them in whole blocks.
std::pair<Value, Value> rangeOf(const Attention &a, const AttentionItem &item, Value end) {
  const Emitter &e = a.e;
  Value first = firstBlock(a, item);
  if (!item.split)
    return {first, end};
  Value blocks = e.ceilDiv(e.sub(end, first), kPositions), splits = a.op.getSplits();
  Value each = e.div(e.add(e.add(blocks, splits), -1), splits);
  Value size = e.mul(each, kPositions), from = e.add(first, e.mul(item.split, size));
  return {from, e.min(e.add(from, size), end)};
}

void attendItem(const Attention &a, const AttentionItem &item) {
  const Emitter &e = a.e;
  loadQueries(a, item);
  clear(a, item);
  Value end = e.add(item.last, 1);
  auto [from, to] = rangeOf(a, item, end);
  e.loop(from, to, kPositions, [&](Value start) {
    Value valid = e.min(e.sub(end, start), e.index(kPositions));
    attendBlock(a, item, {start, valid});
  });
  storeResult(a, item);
}

} // namespace
} // namespace phidias::vec

namespace phidias {

void vectorize(phi::TileAttentionOp op, OpBuilder &b, const VectorTarget &target) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(op);
  vec::Emitter e{b, op.getLoc()};
  vec::AttentionShape shape(op.getCacheLayout(), op.getHeads(), op.getTokens(), target);
  vec::Attention a{e, op, shape, vec::buffersFor(e, shape, op.getScratch())};
  e.loop(op.getFrom(), op.getTo(), 1,
         [&](Value item) { vec::attendItem(a, vec::itemFor(a, item)); });
  op.erase();
}

} // namespace phidias
