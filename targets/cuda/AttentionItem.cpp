#include "targets/cuda/AttentionItem.h"
#include "phidias/Vectorize/CacheRegion.h"
#include "phidias/Vectorize/Math.h"

using namespace mlir;

namespace phidias::cuda {

Attend::Attend(const Block &e, phi::TileAttentionOp op)
    : e(e), op(op), element(op.getCacheLayout().getElementType()), heads(op.getHeads()),
      kvHeads(op.getCacheLayout().getKvHeads()), headDim(op.getCacheLayout().getHeadDim()),
      group(heads / kvHeads), tokens(op.getTokens()) {}

int64_t Attend::groups() const { return headDim / vec::kGroup; }

Value Attend::splits() const { return op.getSplits() ? e.opaque(op.getSplits()) : Value(); }

static CachePlace placeOf(const Attend &a, Value head) {
  const Block &e = a.e;
  Value capacity = e.opaque(a.op.getCapacity());
  Value region = e.mul(capacity, a.op.getCacheLayout().getHeadBytes());
  Value keys = e.add(e.mul(e.opaque(a.op.getLayer()), 2 * a.kvHeads), head);
  CachePlace place;
  place.keys = e.mul(keys, region);
  place.values = e.mul(e.add(keys, a.kvHeads), region);
  if (!a.isI8())
    return place;
  Value codes = e.mul(capacity, a.headDim);
  place.keyScales = e.add(place.keys, codes);
  place.valueScales = e.add(place.values, codes);
  return place;
}

/// The first position that the item's first token sees, down to the start of a block.
static Value firstBlock(const Attend &a, const AttendItem &item) {
  const Block &e = a.e;
  if (!a.op.getWindow())
    return e.index(0);
  Value seen = e.add(item.first, 1 - static_cast<int64_t>(*a.op.getWindow()));
  return e.mul(e.div(e.max(seen, e.index(0)), kBlockPositions), kBlockPositions);
}

/// All that the item sees, or its part of it in whole blocks; the last parts may have none.
static void setRange(const Attend &a, AttendItem &item) {
  const Block &e = a.e;
  item.from = firstBlock(a, item);
  item.to = e.add(item.last, 1);
  if (!item.split)
    return;
  Value blocks = e.opaque(e.ceilDiv(e.sub(item.to, item.from), kBlockPositions));
  Value splits = a.splits();
  Value each = e.div(e.add(e.add(blocks, splits), -1), splits);
  Value size = e.mul(each, kBlockPositions);
  item.from = e.add(item.from, e.mul(item.split, size));
  item.to = e.min(e.add(item.from, size), item.to);
}

static AttendItem itemOf(const Attend &a, Value index) {
  const Block &e = a.e;
  Value count = e.opaque(a.op.getCount()), blocks = e.ceilDiv(count, a.tokens);
  AttendItem item;
  item.index = index;
  if (Value splits = a.splits()) {
    item.split = e.rem(index, splits);
    index = e.div(index, splits);
  }
  item.head = e.div(index, blocks);
  item.token = e.mul(e.rem(index, blocks), a.tokens);
  Value tokens = e.min(e.sub(count, item.token), e.index(a.tokens));
  item.rows = e.mul(tokens, a.group);
  item.first = e.add(e.opaque(a.op.getPosition()), item.token);
  item.last = e.add(e.add(item.first, tokens), -1);
  setRange(a, item);
  item.cache = placeOf(a, item.head);
  return item;
}

void eachItem(const Attend &a, function_ref<void(const AttendItem &)> body) {
  a.e.loop(a.e.opaque(a.op.getFrom()), a.e.opaque(a.op.getTo()), 1,
           [&](Value index) { body(itemOf(a, a.e.opaque(index))); });
}

AttendItem again(const Attend &a, const AttendItem &item) {
  AttendItem own = itemOf(a, a.e.opaque(item.index));
  for (Value *number :
       {&own.head, &own.token, &own.rows, &own.first, &own.last, &own.from, &own.to})
    *number = a.e.opaque(*number); // a register each, not two
  return own;
}

CachePlace placeAgain(const Attend &a, const AttendItem &item) {
  return placeOf(a, a.e.opaque(item.head));
}

AttendRow rowOf(const Attend &a, const AttendItem &item, Value row) {
  const Block &e = a.e;
  Value token = a.tokens == 1 ? e.index(0) : e.div(row, a.group);
  Value head = e.add(e.mul(item.head, a.group), e.sub(row, e.mul(token, a.group)));
  return {e.add(item.token, token), head, e.add(item.first, token)};
}

Value sees(const Attend &a, const AttendRow &row, Value position) {
  const Block &e = a.e;
  auto word = [&](Value number) -> Value { // positions have 31 bits
    return arith::IndexCastOp::create(e.b, e.loc, e.b.getI32Type(), number);
  };
  auto compare = [&](arith::CmpIPredicate predicate, Value x, Value y) -> Value {
    return arith::CmpIOp::create(e.b, e.loc, predicate, word(x), word(y));
  };
  Value upper = compare(arith::CmpIPredicate::sle, position, row.position);
  if (!a.op.getWindow())
    return upper;
  Value before = e.sub(row.position, e.index(static_cast<int64_t>(*a.op.getWindow())));
  Value lower = compare(arith::CmpIPredicate::sgt, position, before);
  return arith::AndIOp::create(e.b, e.loc, upper, lower);
}

Value query(const Attend &a, const AttendRow &row, Value channel) {
  const Block &e = a.e;
  Value x = e.loadOne(a.op.getQkv(), {row.token, e.add(e.mul(row.head, a.headDim), channel)});
  return e.mulf(x, e.f32(a.op.getScale().convertToDouble()));
}

Value queryPair(const Attend &a, const AttendRow &row, Value channel) {
  const Block &e = a.e;
  Value column = e.add(e.mul(row.head, a.headDim), channel);
  Value two = e.loadPieces(2, a.op.getQkv(), {row.token, column});
  return e.mulf(two, e.splat(2, e.f32(a.op.getScale().convertToDouble())));
}

/// Of the row in partials.
static Value partialsRow(const Attend &a, const AttendItem &item, const AttendRow &row) {
  return a.e.add(a.e.mul(item.split, a.op.getCount()), row.token);
}

static void storeAny(const Block &e, Value value, Value rows, ValueRange at) {
  if (isa<VectorType>(value.getType()))
    e.storePieces(value, rows, at);
  else
    e.storeOne(value, rows, at);
}

void storeSums(const Attend &a, const AttendItem &item, const AttendRow &row, Value channel,
               Value sums, Value weights) {
  const Block &e = a.e;
  Value column = e.add(e.mul(row.head, a.headDim), channel);
  if (item.split)
    return storeAny(e, sums, a.op.getPartials(), {partialsRow(a, item, row), column});
  if (auto type = dyn_cast<VectorType>(sums.getType()))
    weights = e.splat(type.getDimSize(0), weights);
  Value result = arith::DivFOp::create(e.b, e.loc, sums, weights);
  storeAny(e, result, a.op.getResult(), {row.token, column});
}

void storeWeights(const Attend &a, const AttendItem &item, const AttendRow &row, Value largest,
                  Value weights) {
  if (!item.split)
    return;
  const Block &e = a.e;
  Value to = partialsRow(a, item, row);
  int64_t sums = a.heads * a.headDim;
  e.storeOne(largest, a.op.getPartials(), {to, e.add(row.head, sums)});
  e.storeOne(weights, a.op.getPartials(), {to, e.add(row.head, sums + a.heads)});
}

Value expOfNegative(const Block &e, Value x) {
  if (isa<VectorType>(x.getType()))
    return vec::emitExpOfNegative(e.b, e.loc, x);
  Value one = vec::emitExpOfNegative(e.b, e.loc, e.splat(1, x));
  return vector::ExtractOp::create(e.b, e.loc, one, 0);
}

} // namespace phidias::cuda
