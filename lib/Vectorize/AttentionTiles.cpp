#include "Attention.h"

using namespace mlir;

namespace phidias::vec {

void forRows(const Attention &a, const AttentionItem &item,
             function_ref<void(Value, Value, Value)> body) {
  const Emitter &e = a.e;
  e.loop(e.index(0), item.rows, 1, [&](Value row) {
    Value token = e.add(item.token, e.div(row, a.shape.group));
    Value head = e.add(e.mul(item.head, a.shape.group), e.rem(row, a.shape.group));
    body(row, token, head);
  });
}

void forRowTiles(const Attention &a, Value rows, int64_t most,
                 function_ref<void(Value, int64_t)> body) {
  const Emitter &e = a.e;
  Value whole = e.mul(e.div(rows, most), most);
  if (a.shape.rows >= most)
    e.loop(e.index(0), whole, most, [&](Value row) { body(row, most); });
  Value row = whole;
  for (int64_t n = most / 2; n >= 1; n /= 2) {
    if (!a.shape.hasRemainder(n))
      continue;
    Value next = e.mul(e.div(rows, n), n);
    e.when(e.less(row, next), [&] { body(row, n); });
    row = next;
  }
}

SmallVector<KeyVector> keyVectors(const Attention &a, const AttentionItem &item,
                                  const PositionBlock &block, Value strip, int64_t vectors) {
  const Emitter &e = a.e;
  Value start = e.add(block.start, e.mul(strip, vectors * a.shape.lanes));
  Value lastPanel = e.div(item.last, kPanel);
  SmallVector<KeyVector> result;
  for (int64_t v = 0; v < vectors; ++v) {
    Value position = e.add(start, v * a.shape.lanes);
    result.push_back({e.min(e.div(position, kPanel), lastPanel), e.rem(position, kPanel)});
  }
  return result;
}

Values multiplyTile(const Emitter &e, Value from, Value to, int64_t rows, int64_t vectors,
                    Values acc, function_ref<Value(Value, int64_t, int64_t)> left,
                    function_ref<Value(Value, int64_t)> right) {
  return e.loop(from, to, 1, acc, [&](Value k, ValueRange sums) {
    Values factors, next;
    for (int64_t v = 0; v < vectors; ++v)
      factors.push_back(right(k, v));
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t v = 0; v < vectors; ++v)
        next.push_back(e.fma(left(k, r, v), factors[v], sums[r * vectors + v]));
    return next;
  });
}

} // namespace phidias::vec
