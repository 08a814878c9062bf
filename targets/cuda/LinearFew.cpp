// The loops around a format's products: units of the weights flow through a ring of shared memory,
// warps leave their sums in shared memory, and each thread finishes some results.

#include "targets/cuda/LinearFew.h"
#include "targets/cuda/LinearEpilogue.h"
#include "targets/cuda/LinearFewRing.h"
#include "targets/cuda/Records.h"
#include "targets/cuda/SharedMemory.h"

using namespace mlir;

namespace phidias::cuda {

Value partialRow(const Block &e, Value token, Value place) {
  Value swapped = e.mul(e.rem(e.div(token, 2), 2), phi::kPanelRows / 2);
  return e.b.createOrFold<arith::XOrIOp>(e.loc, place, swapped);
}

void Partial::store(const Block &e, Value sums, Value split, Value token, Value quad) const {
  Value place = e.div(partialRow(e, token, e.mul(quad, 4)), 4);
  Value row = e.mul(e.add(e.mul(split, tokens), token), phi::kPanelRows / 4);
  e.storeOne(sums, quads, e.add(e.add(first, row), place));
}

namespace {

/// Of portable code, which also runs where a block has 99 KiB (sm_86): what is beside the ring.
constexpr int64_t kBesideRing = 48 << 10;
constexpr int64_t kLeastRing = 24 << 10; ///< with less the memory's latency shows
constexpr int64_t kLeftBytes = 8 << 10;  ///< sums of panels that are finished together

class FewTokens {
public:
  /// `mostBytes`: of shared memory, if this code need not be portable; else 0.
  FewTokens(const FewTile &tile, FewPanels &panels, int64_t mostBytes)
      : t(tile), e(tile.e), panels(panels), units(t.steps * t.step.bytes / panels.unitBytes()),
        pieces(panels.pieces()), warpsAPanel(partsOf(units)), groups(kWarps / warpsAPanel),
        panelLeft((warpsAPanel * panels.splits() * t.tokens | 1) * phi::kPanelRows),
        together(std::max<int64_t>(1, kLeftBytes / (groups * t.width * panelLeft * 4))) {
    planMemory(mostBytes);
    part = e.rem(e.warp, warpsAPanel);
    group = e.div(e.warp, warpsAPanel);
    from = firstOf(group);
    to = firstOf(e.add(group, 1));
    end = e.mul(to, t.panelBytes());
  }

  void emit() {
    e.barrier();
    if (staged)
      panels.beginStage(leftBytes());
    FewRing ring(t, pieces, leftBytes() + staged, depth);
    Value ahead = fill(ring);
    if (staged) {
      panels.endStage(depth);
      e.barrier();
    }
    vec::Values state{ahead, e.index(0)};
    Value most = e.ceilDiv(e.sub(t.op.getTo(), t.op.getFrom()), groups);
    e.loop(e.index(0), most, together, state, [&](Value done, ValueRange carried) {
      Value start = e.min(e.add(from, done), to), stop = e.min(e.add(start, together), to);
      vec::Values next = e.loop(start, stop, 1, carried, [&](Value panel, ValueRange state) {
        return walk(ring, e.sub(panel, start), state);
      });
      e.barrier();
      finish(done);
      e.barrier();
      return next;
    });
  }

private:
  /// Warps that share a panel: as many as leave none without a unit of each.
  static int64_t partsOf(int64_t units) {
    int64_t parts = 1;
    while (parts < kWarps && units % (2 * parts) == 0)
      parts *= 2;
    return parts;
  }

  int64_t leftBytes() const { return t.width * groups * together * panelLeft * 4; }

  /// How many units lie in the ring, and whether the activations have room beside it.
  void planMemory(int64_t mostBytes) {
    int64_t ring = t.op.getSchedule().getFewPrefetch() << 10, slot = FewRing::slotBytes(t, pieces);
    int64_t room = std::max(mostBytes, ring + kBesideRing) - leftBytes();
    staged = panels.stagedBytes();
    depth = std::min(ring, room - staged) / slot;
    int64_t least = ring < kLeastRing ? ring / slot * slot : kLeastRing;
    if (depth >= 2 && depth * slot >= least)
      return;
    staged = 0;
    depth = std::max<int64_t>(2, std::min(ring, room) / slot);
  }

  /// Group `number`'s first panel.
  Value firstOf(Value number) const {
    Value from = t.op.getFrom(), all = e.sub(t.op.getTo(), from);
    return e.add(from, e.div(e.mul(all, number), groups));
  }

  int64_t stride() const { return warpsAPanel * panels.unitBytes(); }

  /// Starts the first copies; the byte of the unit to copy next.
  Value fill(const FewRing &ring) const {
    Value unit = e.add(e.mul(from, t.panelBytes()), e.mul(part, panels.unitBytes()));
    return e
        .loop(e.index(0), e.index(depth), 1, unit,
              [&](Value slot, ValueRange carried) -> vec::Values {
                ring.copy(carried[0], end, slot);
                return {e.add(carried[0], stride())};
              })
        .front();
  }

  /// One panel, the `place`-th of those finished together; `state`: the unit to copy next, the slot
  /// to take.
  vec::Values walk(const FewRing &ring, Value place, ValueRange state) const {
    vec::Values carried(state);
    carried.append(t.width * panels.sums(), e.f32(0));
    vec::Values last = e.loop(part, e.index(units), warpsAPanel, carried,
                              [&](Value unit, ValueRange now) -> vec::Values {
                                vec::Values weights = ring.take(now[1]);
                                ring.copy(now[0], end, now[1]);
                                vec::Values next{e.add(now[0], stride()), ring.next(now[1])};
                                next.append(now.begin() + 2, now.end());
                                panels.multiply(weights, unit, MutableArrayRef(next).drop_front(2));
                                return next;
                              });
    for (int64_t w = 0; w < t.width; ++w)
      panels.leave(ArrayRef(last).slice(2 + w * panels.sums(), panels.sums()), left(place, w));
    return {last[0], last[1]};
  }

  int64_t splits() const { return warpsAPanel * panels.splits(); }
  int64_t resultsOfSplit() const { return t.tokens * phi::kPanelRows; }
  int64_t leftFloats() const { return leftBytes() / 4; }

  /// Where panel `place` of this group begins among the sums that are left, in f32.
  Value leftStart(Value group, Value place, int64_t panel) const {
    Value number = e.add(e.mul(group, together), place);
    return e.mul(e.add(number, panel * groups * together), panelLeft);
  }

  Partial left(Value place, int64_t panel) const {
    Value quads = e.shared(0, leftFloats() / 4, e.floats(4));
    return {quads, e.div(leftStart(group, place, panel), 4), part, t.tokens};
  }

  /// The results of the panels from the `done`-th of each group on.
  void finish(Value done) const {
    int64_t perPanel = resultsOfSplit();
    e.eachThread(e.index(0), e.index(groups * together * perPanel), [&](Value i) {
      Value number = e.div(i, perPanel), place = e.rem(number, together);
      Value group = e.div(number, together);
      Value panel = e.add(e.add(firstOf(group), done), place);
      Value result = e.rem(i, perPanel), own = e.div(result, phi::kPanelRows);
      Value token = e.add(t.first, own);
      Value isThere = arith::AndIOp::create(e.b, e.loc, e.less(panel, firstOf(e.add(group, 1))),
                                            e.less(token, t.op.getCount()));
      e.when(isThere, [&] {
        Value inPanel = e.rem(i, phi::kPanelRows);
        Value at = e.add(e.mul(own, phi::kPanelRows), partialRow(e, own, inPanel));
        storeResult(e, t.op, e.add(e.mul(panel, phi::kPanelRows), inPanel), token,
                    total(group, place, 0, at),
                    t.width == 2 ? total(group, place, 1, at) : Value());
      });
    });
  }

  /// What all warps left of the result at place `result` of a split.
  Value total(Value group, Value place, int64_t panel, Value result) const {
    Value floats = e.shared(0, leftFloats(), e.b.getF32Type()), sum;
    Value start = e.add(leftStart(group, place, panel), result);
    for (int64_t split = 0; split < splits(); ++split) {
      Value own = e.loadOne(floats, e.add(start, split * resultsOfSplit()));
      sum = sum ? e.addf(sum, own) : own;
    }
    return sum;
  }

  const FewTile &t;
  const Block &e;
  FewPanels &panels;
  int64_t units; ///< of a panel
  SmallVector<Piece> pieces;
  int64_t warpsAPanel, groups;
  int64_t panelLeft; ///< sums for the rows of one panel, f32; an odd number of rows, so that those
                     ///< of one token lie in other banks than the next panel's
  int64_t together;  ///< panels of a group that are finished together
  int64_t staged, depth;
  Value part, group, from, to, end;
};

std::unique_ptr<FewPanels> panelsFor(const FewTile &tile) {
  if (isa<phi::QuantizedType>(tile.element))
    return fewCodes(tile);
  return tile.op.getActivation().isBF16() ? fewBf16(tile) : fewFloats(tile);
}

} // namespace

void mapFewTokens(phi::TileLinearOp op, OpBuilder &b, Value first, int64_t tokens,
                  const Capability &capability) {
  FewTile tile(op, b, first, tokens);
  tile.tiled = liesInTiles(op.getActivation(), capability);
  int64_t mostBytes = capability.wgmma ? capability.sharedBytes - kCounterBytes : 0;
  FewTokens(tile, *panelsFor(tile), mostBytes).emit();
}

} // namespace phidias::cuda
