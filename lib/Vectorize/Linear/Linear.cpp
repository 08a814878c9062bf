// phi.tile_linear: one kernel for each number of tokens that a pass may have.

#include "Panels.h"
#include "phidias/Vectorize/Scratch.h"
#include "phidias/Vectorize/Vectorize.h"

using namespace mlir;

namespace phidias {
namespace vec {
namespace {

constexpr int64_t kFewest = 8; ///< tokens of the widest kernel for few

/// Passes of more than 8 tokens: tiles, or, where a format has no unpacked form, 8 and 8.
void emitLong(const LinearContext &c, const Panels &panels) {
  if (panels.canUnpack())
    return emitManyTokens(c, panels);
  c.e.loop(c.e.index(0), c.op.getCount(), kFewest,
           [&](Value first) { emitFewTokens(c, panels, first, kFewest); });
}

/// if count <= tokens: the kernel for `tokens`, else those for more.
void choose(const LinearContext &c, const Panels &panels, int64_t tokens) {
  if (tokens > kFewest)
    return emitLong(c, panels);
  Value fits = arith::CmpIOp::create(c.e.b, c.e.loc, arith::CmpIPredicate::ule, c.op.getCount(),
                                     c.e.index(tokens));
  c.e.either(
      fits, [&] { emitFewTokens(c, panels, c.e.index(0), tokens); },
      [&] { choose(c, panels, 2 * tokens); });
}

} // namespace

int64_t unpackedBytes(phi::TileLinearOp op) {
  int64_t chunk = op.getSchedule().getChunk();
  auto quantized = dyn_cast<phi::QuantizedType>(op.getElement());
  if (!quantized)
    return chunk * phi::kLineBytes / (op.getActivation().isBF16() ? 2 : 1);
  int64_t scales = (quantized.getMinimum() ? 2 : 1) * chunk / 32;
  return (chunk / 4 + scales) * phi::kLineBytes;
}

} // namespace vec

void vectorize(phi::TileLinearOp op) {
  OpBuilder b(op);
  vec::LinearContext c(b, op);
  bool codes = isa<phi::QuantizedType>(c.element);
  vec::choose(c, *(codes ? vec::integerPanels(c) : vec::floatPanels(c)), 1);
  op.erase();
}

int64_t linearScratchBytes(phi::TileLinearOp op, int64_t maxTokens) {
  phi::ScheduleAttr schedule = op.getSchedule();
  int64_t padded = llvm::alignTo(maxTokens, schedule.getTokens());
  return schedule.getPanels() * (vec::unpackedBytes(op) + padded * phi::kLineBytes);
}

} // namespace phidias
