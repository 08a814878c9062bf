// phi.tile_linear: one kernel for each number of tokens that a pass may have.

#include "LaneGroup.h"
#include "Panels.h"
#include "phidias/Vectorize/Scratch.h"
#include "phidias/Vectorize/Vectorize.h"

using namespace mlir;

namespace phidias {
namespace vec {
namespace {

/// Passes of more tokens: tiles, or, where a format has no unpacked form, the widest kernel for
/// few, again and again.
void emitLong(const LinearContext &c, const Panels &panels) {
  if (panels.canUnpack())
    return emitManyTokens(c, panels);
  int64_t most = mostOfFew(c.target);
  c.e.loop(c.e.index(0), c.op.getCount(), most,
           [&](Value first) { emitFewTokens(c, panels, first, most); });
}

/// if count <= tokens: the kernel for `tokens`, else those for more.
void choose(const LinearContext &c, const Panels &panels, int64_t tokens) {
  if (tokens > mostOfFew(c.target))
    return emitLong(c, panels);
  Value fits = arith::CmpIOp::create(c.e.b, c.e.loc, arith::CmpIPredicate::ule, c.op.getCount(),
                                     c.e.index(tokens));
  c.e.either(
      fits, [&] { emitFewTokens(c, panels, c.e.index(0), tokens); },
      [&] { choose(c, panels, 2 * tokens); });
}

std::unique_ptr<Panels> panelsFor(const LinearContext &c) {
  if (!isa<phi::QuantizedType>(c.element))
    return floatPanels(c);
  if (!c.target.valueLanes)
    return integerPanels(c);
  return c.target.matrix ? matrixPanels(c) : lanePanels(c);
}

} // namespace

int64_t unpackedBytes(phi::TileLinearOp op, const VectorTarget &target) {
  int64_t chunk = op.getSchedule().getChunk();
  auto quantized = dyn_cast<phi::QuantizedType>(op.getElement());
  if (!quantized)
    return chunk * phi::kLineBytes / (op.getActivation().isBF16() ? 2 : 1);
  auto acts = phi::activationLayout(quantized, op.getActivation(), op.getColumns(), target.matrix);
  int64_t block = phi::blockIn(acts, chunk);
  if (target.valueLanes)
    return chunk / block * LaneGroup(quantized, op.getSchedule(), target.matrix, block).bytes;
  int64_t scales = (quantized.getMinimum() ? 2 : 1) * chunk / 32;
  return (chunk / 4 + scales) * phi::kLineBytes;
}

} // namespace vec

void vectorize(phi::TileLinearOp op, const VectorTarget &target) {
  OpBuilder b(op);
  vec::LinearContext c(b, op, target);
  vec::choose(c, *vec::panelsFor(c), 1);
  op.erase();
}

int64_t linearScratchBytes(phi::TileLinearOp op, int64_t maxTokens, const VectorTarget &target) {
  phi::ScheduleAttr schedule = op.getSchedule();
  int64_t padded = llvm::alignTo(maxTokens, schedule.getTokens());
  return schedule.getPanels() * (vec::unpackedBytes(op, target) + padded * phi::kLineBytes);
}

} // namespace phidias
