// The choice of the next token, after the logits: regions of phi.tile_choose, as many as the choice
// asks for.

#include "Describe.h"
#include "Stage.h"
#include "phirt/abi/Choice.h"

using namespace mlir;
using phirt::abi::Choice;

namespace phidias::tile {
namespace {

struct Choose {
  const lower::Lowering &l;
  Location loc;
  Value logits;
  int64_t workAt; ///< byte of the arena
  OpBuilder &b = l.builder;

  Value index(int64_t value) const { return lower::constantIndex(b, loc, value); }

  /// A field of the choice, not 0.
  Value isSet(size_t offset, unsigned bits) const {
    auto type = MemRefType::get({1}, b.getIntegerType(bits));
    Value field = memref::ViewOp::create(b, loc, type, l.env.choice,
                                         index(static_cast<int64_t>(offset)), ValueRange());
    Value value = memref::LoadOp::create(b, loc, field, index(0));
    Value none = arith::ConstantIntOp::create(b, loc, 0, bits);
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, value, none);
  }
  Value select(Value condition, int64_t yes, int64_t no) const {
    return arith::SelectOp::create(b, loc, condition, index(yes), index(no));
  }

  int64_t slices() const {
    return phi::TileChooseOp::slicesFor(cast<MemRefType>(logits.getType()).getDimSize(1));
  }

  void step(StringRef name, int64_t slices, Value round, Value first) const {
    parallel(l, loc, index(slices), {}, [&](OpBuilder &inner, Share share) {
      Value row =
          arith::SubIOp::create(inner, loc, l.env.rows, lower::constantIndex(inner, loc, 1));
      auto type = MemRefType::get({phi::TileChooseOp::getWorkBytes()}, inner.getI8Type());
      auto plain = MemRefType::get({ShapedType::kDynamic}, inner.getI8Type());
      Value work = memref::ViewOp::create(inner, loc, type, l.env.arena,
                                          lower::constantIndex(inner, loc, workAt), ValueRange());
      work = memref::CastOp::create(inner, loc, plain, work);
      phi::TileChooseOp::create(inner, loc, name, logits, row, l.env.choice, work, round, first,
                                share.from, share.to);
    });
  }

  void draw(Value first) const {
    Value last = select(isSet(offsetof(Choice, topP), 64), 2 * kRounds, kRounds);
    auto rounds = scf::ForOp::create(b, loc, first, last, index(1));
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(rounds.getBody());
      step("narrow", slices(), rounds.getInductionVar(), first);
    }
    step("weigh", slices(), last, first);
    step("draw", 1, last, first);
  }

  void emit() const {
    Value first = select(isSet(offsetof(Choice, topK), 32), 0, kRounds);
    step("best", slices(), first, first);
    step("begin", 1, first, first);
    auto drawn = scf::IfOp::create(b, loc, isSet(offsetof(Choice, drawn), 32), false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(drawn.thenBlock());
    draw(first);
  }

  static constexpr int64_t kRounds = phi::TileChooseOp::kRounds;
};

Attribute describeChoice(OpBuilder &b) {
  auto field = [&](StringRef name, int64_t value) {
    return b.getNamedAttr(name, b.getI64IntegerAttr(value));
  };
  return b.getDictionaryAttr({b.getNamedAttr("name", b.getStringAttr("choose")), field("bytes", 0),
                              field("macs", 0), field("calls", 1), field("rows", 1)});
}

} // namespace

void tileChoice(phi::StageOp stage, const lower::Lowering &l, Plan &plan) {
  OpBuilder &b = l.builder;
  Location loc = stage.getLoc();
  plan.needActivations(phi::TileChooseOp::getWorkBytes());
  plan.stages.push_back(describeChoice(b));
  Value address = memref::ExtractAlignedPointerAsIndexOp::create(b, loc, l.env.choice);
  Value asked = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, address,
                                      lower::constantIndex(b, loc, 0));
  auto branch = scf::IfOp::create(b, loc, asked, false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  Choose{l, loc, l.of(stage.getResult(0)), plan.activationsAt}.emit();
  noteEnd(l, loc, plan.stages.size() - 1);
}

} // namespace phidias::tile
