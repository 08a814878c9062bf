// f32, f16 and bf16 weights: f32 multiply-adds, or the machine's bf16 dot products. The columns of
// a step are added up apart before they join the rest, which keeps the error small.

#include "Panels.h"

using namespace mlir;

namespace phidias::vec {
namespace {

class FloatPanels : public Panels {
public:
  explicit FloatPanels(const LinearContext &c)
      : c(c), e(c.e), pairs(c.op.getActivation().isBF16()), columnsALine(pairs ? 2 : 1) {}

  void multiplyStep(Value start, Value step, ValueRange records,
                    MutableArrayRef<Value> acc) const override {
    Value word = e.mul(step, lines());
    Values sums(records.size(), e.zeros(kLanes));
    sums = e.loop(e.index(0), e.index(lines()), unroll(), sums, [&](Value i, ValueRange carried) {
      Values next(carried);
      Value first = e.add(start, e.mul(i, lineBytes()));
      for (int64_t u = 0; u < unroll(); ++u) {
        Value weight = loadWeight(first, u);
        for (auto [t, record] : llvm::enumerate(records))
          next[t] = multiply(next[t], weight, record, e.add(word, i), u);
      }
      return next;
    });
    for (auto [t, sum] : llvm::enumerate(sums))
      acc[t] = e.addf(acc[t], sum);
  }

  int64_t groupColumns() const override { return phi::kStepColumns; }
  void unpackStep(Value start, Value index, int64_t panel) const override {
    int64_t panels = c.schedule.getPanels(), lines = phi::kStepColumns / columnsALine;
    Value first = e.mul(index, lines * panels);
    for (int64_t i = 0; i < lines; ++i) {
      Value bytes = vector::BitCastOp::create(
          e.b, e.loc, e.vector(phi::kLineBytes, e.b.getI8Type()), loadWeight(start, i));
      e.store(bytes, c.op.getScratch(), e.mul(e.add(first, i * panels + panel), phi::kLineBytes));
    }
  }

  SmallVector<SmallVector<SumPlace>> parts() const override {
    return c.target.valueLanes ? panelByPanel(c.schedule)
                               : SmallVector<SmallVector<SumPlace>>{wholeTile(c.schedule)};
  }

  void multiplyGroup(Value group, Value column, ValueRange records, int64_t part,
                     Sums sumsOf) const override {
    MutableArrayRef<Value> acc = sumsOf();
    int64_t panels = c.schedule.getPanels(), tokens = records.size();
    int64_t together = acc.size() / tokens; // panels of the part
    Value word = e.div(e.add(column, e.mul(group, phi::kStepColumns)), columnsALine);
    Values sums(acc.size(), e.zeros(kLanes));
    sums = e.loop(e.index(0), e.index(lines()), unroll(), sums, [&](Value i, ValueRange carried) {
      Values next(carried);
      Value first = e.mul(e.add(e.mul(group, lines()), i), panels);
      for (int64_t u = 0; u < unroll(); ++u)
        for (int64_t p = 0; p < together; ++p) {
          Value weight = unpacked(e.add(first, u * panels + part + p));
          for (int64_t t = 0; t < tokens; ++t)
            next[p * tokens + t] =
                multiply(next[p * tokens + t], weight, records[t], e.add(word, i), u);
        }
      return next;
    });
    for (size_t i = 0; i < acc.size(); ++i)
      acc[i] = e.addf(acc[i], sums[i]);
  }

private:
  /// Vectors of one panel that a step has when it is unpacked.
  int64_t lines() const { return phi::kStepColumns / columnsALine; }
  /// Bytes of the packed step that make one of them.
  int64_t lineBytes() const { return c.step.bytes / lines(); }

  VectorType lineType() const {
    return pairs ? e.vector(2 * kLanes, e.b.getBF16Type()) : e.floats(kLanes);
  }

  Value unpacked(Value line) const {
    Value bytes = e.load(phi::kLineBytes, c.op.getScratch(), e.mul(line, phi::kLineBytes));
    return vector::BitCastOp::create(e.b, e.loc, lineType(), bytes);
  }

  /// Columns 2i and 2i + 1 in bf16, or column i in f32.
  Value loadWeight(Value start, int64_t i) const {
    if (c.element.isF16())
      return c.halves(start, i * 2 * kLanes);
    if (pairs || c.element.isF32())
      return vector::BitCastOp::create(e.b, e.loc, lineType(), c.line(start, i * phi::kLineBytes));
    Type words = e.vector(kLanes, e.b.getI32Type());
    Value both =
        vector::BitCastOp::create(e.b, e.loc, words, c.line(start, i / 2 * phi::kLineBytes));
    Value bits =
        i % 2 ? arith::AndIOp::create(e.b, e.loc, both, e.splat(kLanes, e.i32(0xffff0000)))
                    .getResult()
              : arith::ShLIOp::create(e.b, e.loc, both, e.splat(kLanes, e.i32(16))).getResult();
    return vector::BitCastOp::create(e.b, e.loc, lineType(), bits);
  }

  /// Times word `base + u` of the record, `base` being a multiple of 4.
  Value multiply(Value acc, Value weight, Value record, Value base, int64_t u) const {
    if (!pairs)
      return e.fma(weight, factor(c.floats, record, base, u), acc);
    Value words = factor(c.words, record, base, u);
    Value pair = vector::BitCastOp::create(e.b, e.loc, lineType(), words);
    return phi::DotBf16Op::create(e.b, e.loc, acc.getType(), acc, weight, pair);
  }

  /// A word in every lane, loaded alone or with its neighbours.
  Value factor(Value buffer, Value record, Value base, int64_t u) const {
    if (!c.target.valueLanes)
      return e.splat(kLanes, e.loadOne(buffer, e.add(record, e.add(base, u))));
    return e.repeat(e.load(4, buffer, e.add(record, e.add(base, u / 4 * 4))), u % 4, kLanes);
  }

  /// Vectors of a panel in one turn of the inner loop.
  int64_t unroll() const { return c.target.smallLoops ? 4 : 16; }

  const LinearContext &c;
  const Emitter &e;
  bool pairs; ///< bf16 times bf16
  int64_t columnsALine;
};

} // namespace

std::unique_ptr<Panels> floatPanels(const LinearContext &c) {
  return std::make_unique<FloatPanels>(c);
}

} // namespace phidias::vec
