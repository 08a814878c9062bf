// A pass of few tokens is bound by memory: some panels at far-apart addresses are walked together,
// so that several streams are under way, and each line is asked for `prefetch` steps ahead.

#include "Panels.h"

using namespace mlir;

namespace phidias::vec {
namespace {

class FewTokens {
public:
  FewTokens(const LinearContext &c, const Panels &panels, Value first, int64_t tokens)
      : c(c), e(c.e), panels(panels), firstToken(first), tokens(tokens), gated(c.op.getGated()),
        streams(std::max<int64_t>(1, c.schedule.getStreams() / width() /
                                         std::max<int64_t>(1, tokens / 2))) {
    if (c.target.valueLanes)
      streams = std::max<int64_t>(1, std::min(streams, mostTogether() / width()));
  }

  void emit() const {
    Value from = c.op.getFrom(), to = c.op.getTo();
    Value far = e.div(e.sub(to, from), streams);
    e.loop(e.index(0), far, 1, [&](Value i) {
      SmallVector<Value> together;
      for (int64_t s = 0; s < streams; ++s)
        together.push_back(e.add(e.add(from, e.mul(far, s)), i));
      walk(together);
    });
    e.loop(e.add(from, e.mul(far, streams)), to, 1, [&](Value panel) { walk(panel); });
  }

private:
  /// Panels that make one result: gate and up, or one.
  int64_t width() const { return gated ? 2 : 1; }

  /// Panels of a loop. With value_lanes the four registers of sums of one are chains enough for
  /// products of codes, which leave the rest of the registers to what they unpack.
  int64_t mostTogether() const {
    if (!c.target.valueLanes)
      return streams * width();
    return isa<phi::QuantizedType>(c.element) ? 1 : std::max<int64_t>(1, 2 / tokens);
  }

  SmallVector<Value> records() const {
    SmallVector<Value> all;
    for (int64_t t = 0; t < tokens; ++t)
      all.push_back(c.record(firstToken, t));
    return all;
  }

  /// First bytes of the panels, gate and up side by side.
  SmallVector<Value> starts(ValueRange together) const {
    SmallVector<Value> all;
    for (Value panel : together) {
      all.push_back(c.panelStart(panel));
      if (gated)
        all.push_back(c.panelStart(e.add(panel, c.op.getRows() / 2 / phi::kPanelRows)));
    }
    return all;
  }

  void walk(ValueRange together) const {
    SmallVector<Value> first = starts(together), all = records();
    Values sums;
    for (ArrayRef<Value> left = first; !left.empty();) {
      ArrayRef<Value> some = left.take_front(mostTogether());
      sums.append(multiply(some, all));
      left = left.drop_front(some.size());
    }
    for (auto [i, panel] : llvm::enumerate(together))
      for (int64_t t = 0; t < tokens; ++t)
        write(panel, t, ArrayRef<Value>(sums).slice(i * width() * tokens, width() * tokens));
  }

  /// The sums of the panels that start at `first`: [panel][token].
  Values multiply(ArrayRef<Value> first, ValueRange records) const {
    SmallVector<Value> zero(first.size() * tokens, e.zeros(kLanes));
    return e.loop(e.index(0), e.index(c.steps), 1, zero, [&](Value step, ValueRange carried) {
      Values acc(carried);
      for (auto [s, start] : llvm::enumerate(first)) {
        Value here = e.add(start, e.mul(step, c.step.bytes));
        fetchAhead(here);
        panels.multiplyStep(here, step, records, MutableArrayRef(acc).slice(s * tokens, tokens));
      }
      return acc;
    });
  }

  void fetchAhead(Value here) const {
    int64_t steps = tokens == 1 ? c.schedule.getPrefetch() : c.schedule.getFewPrefetch();
    if (steps == 0)
      return;
    Value ahead = e.add(here, steps * c.step.bytes);
    for (int64_t line = 0; line < c.step.bytes; line += phi::kLineBytes)
      e.prefetch(c.op.getWeights(), e.add(ahead, line), /*near=*/true);
  }

  /// `sums`: [gate | up][token].
  void write(Value panel, int64_t token, ArrayRef<Value> sums) const {
    SmallVector<Value> own;
    for (int64_t w = 0; w < width(); ++w)
      own.push_back(sums[w * tokens + token]);
    Value row = e.add(firstToken, token);
    e.when(e.less(row, c.op.getCount()), [&] { emitEpilogue(c, panel, row, own); });
  }

  const LinearContext &c;
  const Emitter &e;
  const Panels &panels;
  Value firstToken;
  int64_t tokens;
  bool gated;
  int64_t streams;
};

} // namespace

void emitFewTokens(const LinearContext &c, const Panels &panels, Value first, int64_t tokens) {
  FewTokens(c, panels, first, tokens).emit();
}

} // namespace phidias::vec
