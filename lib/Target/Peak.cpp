#include "phidias/Target/Peak.h"
#include "dialects/phi/PhiDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace phidias {
namespace {

class PeakBuilder {
public:
  PeakBuilder(OpBuilder &b, Location loc, const PeakForm &form)
      : b(b), loc(loc), form(form), words(VectorType::get(form.lanes, b.getI32Type())),
        bytes(VectorType::get(4 * form.lanes, b.getI8Type())) {}

  void body(Value iterations) {
    Value zero = splat(words, 0), codes = hidden(splat(bytes, 3));
    SmallVector<Value> start(form.chains, zero);
    start.push_back(splat(bytes, 5));
    auto loop = scf::ForOp::create(b, loc, constant(0), iterations, constant(1), start,
                                   [&](OpBuilder &, Location, Value, ValueRange carried) {
                                     scf::YieldOp::create(b, loc, round(carried, codes));
                                   });
    use(loop.getResults().take_front(form.chains));
  }

private:
  /// A product for each chain. The values pass through an empty instruction in between: else
  /// what does not depend on the accumulator would move out of the loop, or be computed once for
  /// all chains.
  SmallVector<Value> round(ValueRange carried, Value codes) {
    SmallVector<Value> next(carried);
    Value &values = next.back();
    for (int64_t i = 0; i < form.chains; ++i) {
      next[i] = product(next[i], codes, values);
      values = hidden(values);
    }
    return next;
  }

  Value product(Value acc, Value codes, Value values) {
    if (form.matrix)
      return phi::DotMatrixOp::create(b, loc, words, acc, codes, values, 15);
    return phi::DotOp::create(b, loc, words, acc, codes, values, 15);
  }

  Value constant(int64_t value) { return arith::ConstantIntOp::create(b, loc, value, 64); }
  Value splat(VectorType type, int64_t value) {
    return arith::ConstantOp::create(
        b, loc, DenseElementsAttr::get(type, b.getIntegerAttr(type.getElementType(), value)));
  }

  /// The same vector, in a register, of which the compiler knows nothing.
  Value hidden(Value v) {
    std::string constraints = "=" + form.constraint + ",0";
    if (!form.scalable)
      return assembly(v.getType(), v, constraints).getResult(0);
    auto type = VectorType::get({16}, b.getI8Type(), {true});
    Value unknown = LLVM::PoisonOp::create(b, loc, type);
    Value whole = vector::ScalableInsertOp::create(b, loc, v, unknown, 0);
    whole = assembly(type, whole, constraints).getResult(0);
    return vector::ScalableExtractOp::create(b, loc, bytes, whole, 0);
  }

  /// Keeps the sums wanted.
  void use(ValueRange accumulators) {
    Value sum = accumulators[0];
    for (Value acc : accumulators.drop_front())
      sum = arith::AddIOp::create(b, loc, sum, acc);
    assembly({}, vector::ReductionOp::create(b, loc, vector::CombiningKind::ADD, sum), "r");
  }

  LLVM::InlineAsmOp assembly(TypeRange result, Value operand, StringRef constraints) {
    return LLVM::InlineAsmOp::create(
        b, loc, result, operand, "", constraints, /*has_side_effects=*/true,
        /*is_align_stack=*/false, LLVM::TailCallKind::None, /*asm_dialect=*/{},
        /*operand_attrs=*/{});
  }

  OpBuilder &b;
  Location loc;
  const PeakForm &form;
  VectorType words, bytes;
};

} // namespace

double addPeak(ModuleOp module, StringRef name, const PeakForm &form) {
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  Location loc = module.getLoc();
  auto function = func::FuncOp::create(b, loc, name, b.getFunctionType(b.getI64Type(), {}));
  Block *block = function.addEntryBlock();
  b.setInsertionPointToStart(block);
  PeakBuilder(b, loc, form).body(block->getArgument(0));
  func::ReturnOp::create(b, loc);
  int64_t columns = form.matrix ? 8 : 4; // that are added up in one lane of an accumulator
  return 2.0 * columns * form.lanes * form.chains;
}

} // namespace phidias
