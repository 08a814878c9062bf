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

Value factor(const Attention &a, Value rows, Value row, Value first, int64_t j, int64_t lanes) {
  const Emitter &e = a.e;
  if (!a.shape.valueLanes)
    return e.splat(lanes, e.loadOne(rows, {row, e.add(first, j)}));
  return e.repeat(e.load(4, rows, {row, e.add(first, j / 4 * 4)}), j % 4, lanes);
}

Values sumOver(const Attention &a, Value to, Values sums,
               function_ref<Values(Value, Factor, ValueRange)> body) {
  const Emitter &e = a.e;
  auto one = [&](Value k, ValueRange sums) {
    auto alone = [&](Value rows, Value row, int64_t lanes) {
      return e.splat(lanes, e.loadOne(rows, {row, k}));
    };
    return body(k, alone, sums);
  };
  if (!a.shape.valueLanes)
    return e.loop(e.index(0), to, 1, sums, one);
  Value whole = e.mul(e.div(to, 4), 4);
  sums = e.loop(e.index(0), whole, 4, sums, [&](Value first, ValueRange carried) {
    Values next(carried);
    for (int64_t j = 0; j < 4; ++j) {
      auto lane = [&](Value rows, Value row, int64_t lanes) {
        return factor(a, rows, row, first, j, lanes);
      };
      next = body(e.add(first, j), lane, next);
    }
    return next;
  });
  return e.loop(whole, to, 1, sums, one);
}

Values multiplyTile(const Attention &a, Value to, Value left, Value row, int64_t rows,
                    int64_t vectors, Values acc, function_ref<Value(Value, int64_t)> right) {
  const Emitter &e = a.e;
  return sumOver(a, to, acc, [&](Value k, Factor factor, ValueRange sums) {
    Values factors, next;
    for (int64_t v = 0; v < vectors; ++v)
      factors.push_back(right(k, v));
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t v = 0; v < vectors; ++v) {
        int64_t lanes = cast<VectorType>(factors[v].getType()).getDimSize(0);
        next.push_back(
            e.fma(factor(left, e.add(row, r), lanes), factors[v], sums[r * vectors + v]));
      }
    return next;
  });
}

} // namespace phidias::vec
