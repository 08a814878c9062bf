// phi.tile_embed: the token's row is one of the 16 of its panel, four bytes of each line: a
// thread's quad of codes is a word.

#include "targets/cuda/EmbedCodes.h"
#include "targets/cuda/MapTiles.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {
namespace {

class Embed {
public:
  Embed(OpBuilder &builder, phi::TileEmbedOp op)
      : op(op), b(builder, op.getLoc()), element(op.getWeight().getElementType()),
        quantized(dyn_cast<phi::QuantizedType>(element)), columns(op.getWeight().getDimSize(1)) {}

  void emit() {
    b.loop(op.getFrom(), op.getTo(), 1, [&](Value token) {
      PanelRow row = find(token);
      eachTurn(b, llvm::alignTo(columns, phi::kStepColumns), [&](Quads &quads) {
        for (Quad &quad : quads)
          quad.x = quantized ? loadCodes(row, quad.number) : loadPlain(row, quad.number);
        if (quantized)
          widen(quads);
        for (Quad &quad : quads)
          storeQuad(b, quad, op.getResult(), token, columns);
      });
    });
  }

private:
  PanelRow find(Value token) {
    Value id = arith::IndexCastUIOp::create(b.b, b.loc, b.b.getIndexType(),
                                            b.loadOne(op.getTokens(), token));
    phi::StepLayout step = phi::stepLayout(element);
    int64_t bytes = llvm::divideCeil(columns, phi::kStepColumns) * step.bytes;
    Value panel = b.add(op.getOffset(), b.mul(b.div(id, phi::kPanelRows), bytes));
    return {b, op.getWeights(), element, step, panel, b.rem(id, phi::kPanelRows)};
  }

  Values loadPlain(const PanelRow &row, Value quad) {
    Value start = row.stepOf(quad), first = b.rem(quad, kStepQuads);
    Values x;
    int64_t count = element.isBF16() ? 2 : 1, lines = kQuad / count; // columns of a line; lines
    for (int64_t line = 0; line < lines; ++line) {
      Value four = row.load(element, count, start, b.add(b.mul(first, lines), line));
      for (int64_t i = 0; i < count; ++i)
        x.push_back(b.toF32(vector::ExtractOp::create(b.b, b.loc, four, i)));
    }
    return x;
  }

  void widen(Quads &quads) {
    for (Quad &quad : quads)
      quad.x = valuesOf(b, quantized, quad);
    if (!quantized.getRotated())
      return;
    rotate(b, quads);
    for (Quad &quad : quads)
      for (Value &x : quad.x)
        x = b.mulf(x, b.f32(std::sqrt(1.0 / kGroupColumns)));
  }

  phi::TileEmbedOp op;
  Block b;
  Type element;
  phi::QuantizedType quantized;
  int64_t columns;
};

} // namespace

void mapTile(phi::TileEmbedOp op) {
  OpBuilder builder(op);
  Embed(builder, op).emit();
  op.erase();
}

} // namespace phidias::cuda
