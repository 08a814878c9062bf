// phi.dot, phi.dot_matrix, phi.dot_bf16, phi.lookup and phi.rescale to ARM64's intrinsics. An
// instruction that takes a factor from a lane of a register ("v2.4b[1]") is LLVM's choice, where
// the factors are a lane repeated.

#include "phidias/Target/LowerVector.h"
#include "targets/arm/LoadLines.h"
#include "targets/arm/Passes.h"

using namespace mlir;
using namespace phidias;

namespace phidias {
#define GEN_PASS_DEF_ARMLOWERVECTORPASS
#include "targets/arm/Passes.h.inc"
} // namespace phidias

namespace {

class Lowering : VectorBuilder {
public:
  Lowering(Operation *op, phi::MachineAttr machine) : VectorBuilder(op), machine(machine) {}

  Value lower(phi::DotOp op) {
    int64_t lanes = lanesOf(op.getAcc());
    if (lanes > machine.getLanes())
      return inHalves(op, [&](auto part) { return lower(part); });
    bool fits = op.getSignedCodes() || op.getMax() <= 127;
    if (!fits && !hasUnsignedDot())
      return inTwoParts(op);
    SmallVector<Value> operands{op.getAcc(), op.getCodes(), op.getValues()};
    if (machine.getLanes() > 4) // also for 4 lanes: there is SVE without sdot of NEON's (A64FX)
      return callSve(fits ? "llvm.aarch64.sve.sdot" : "llvm.aarch64.sve.usdot", op.getType(),
                     operands);
    if (!machine.getDot())
      return dotByPairs(op);
    return call(fits ? "llvm.aarch64.neon.sdot" : "llvm.aarch64.neon.usdot", op.getType(),
                operands);
  }

  Value lower(phi::DotMatrixOp op) {
    if (!machine.getMatrix())
      return matrixByDots(op, [&](phi::DotOp dot) { return lower(dot); });
    bool fits = op.getSignedCodes() || op.getMax() <= 127;
    return call(fits ? "llvm.aarch64.neon.smmla" : "llvm.aarch64.neon.usmmla", op.getType(),
                {op.getAcc(), op.getCodes(), op.getValues()});
  }

  Value lower(phi::DotBf16Op op) {
    if (!machine.getBf16())
      return fmaOfHalves(op);
    int64_t lanes = lanesOf(op.getAcc());
    if (lanes > machine.getLanes())
      return inHalves(op, [&](auto part) { return lower(part); });
    SmallVector<Value> operands{op.getAcc(), op.getLhs(), op.getRhs()};
    if (machine.getLanes() > 4)
      return callSve("llvm.aarch64.sve.bfdot", op.getType(), operands);
    return call("llvm.aarch64.neon.bfdot", op.getType(), operands);
  }

  Value lower(phi::LookupOp op) {
    int64_t bytes = lanesOf(op.getCodes());
    if (bytes > 4 * machine.getLanes())
      return inHalves(op, [&](auto part) { return lower(part); });
    SmallVector<Value> operands{table(op.getTable(), 16), op.getCodes()};
    if (bytes > 16)
      return callSve("llvm.aarch64.sve.tbl", op.getType(), operands);
    return call("llvm.aarch64.neon.tbl1", op.getType(), operands);
  }

  /// SVE2 has sqrdmulh of bytes, on NEON's registers too; NEON alone has it of words.
  Value lower(phi::RescaleOp op) {
    int64_t bytes = lanesOf(op.getCodes());
    if (bytes > 4 * machine.getLanes())
      return inHalves(op, [&](auto part) { return lower(part); });
    if (!machine.getRescale())
      return rescaleInWords(op);
    return callSve("llvm.aarch64.sve.sqrdmulh", op.getType(), {op.getCodes(), op.getFactors()});
  }

private:
  bool hasUnsignedDot() const { return machine.getDot() && !machine.getSignedCodes(); }

  /// The lower lanes of vectors of any length; what the others hold is of no consequence.
  Value callSve(StringRef name, VectorType result, ArrayRef<Value> operands) {
    SmallVector<Value> whole;
    for (Value operand : operands)
      whole.push_back(scalable(operand));
    Value all = call(name, scalableType(result.getElementType()), whole);
    return vector::ScalableExtractOp::create(b, loc, result, all, 0);
  }

  /// As many as 16 bytes hold, times what only the machine knows.
  VectorType scalableType(Type element) {
    return VectorType::get({128 / element.getIntOrFloatBitWidth()}, element, {true});
  }

  /// LLVM keeps bf16 of a fixed length in memory: those go as the words that they lie in.
  Value scalable(Value lanes) {
    if (getElementTypeOrSelf(lanes).isBF16()) {
      Value words = scalable(recast(lanes, lanesOf(lanes) / 2, b.getI32Type()));
      return vector::BitCastOp::create(b, loc, scalableType(b.getBF16Type()), words);
    }
    VectorType type = scalableType(getElementTypeOrSelf(lanes));
    Value unknown = LLVM::PoisonOp::create(b, loc, type);
    return vector::ScalableInsertOp::create(b, loc, lanes, unknown, 0);
  }

  /// Codes of 8 bits where only 7 can be multiplied: the low 7, and 128 times the highest.
  Value inTwoParts(phi::DotOp op) {
    Type bytes = op.getCodes().getType(), words = op.getType();
    Value low = arith::AndIOp::create(b, loc, op.getCodes(), splat(bytes, 127));
    Value high = arith::ShRUIOp::create(b, loc, op.getCodes(), splat(bytes, 7));
    Value highest = dot(splat(words, 0), high, op.getValues());
    Value shifted = arith::ShLIOp::create(b, loc, highest, splat(words, 7));
    return arith::AddIOp::create(b, loc, dot(op.getAcc(), low, op.getValues()), shifted);
  }

  Value dot(Value acc, Value codes, Value values) {
    auto op = phi::DotOp::create(b, loc, acc.getType(), acc, codes, values, 127);
    Value result = lower(op);
    op.erase();
    return result;
  }

  /// Two products fit 16 bits, signed: 2 * 127 * 128 at most, by the contract of phi.dot.
  Value dotByPairs(phi::DotOp op) {
    Type words = vector(8, b.getI16Type());
    Value low = product(op, 0), high = product(op, 1);
    Value pairs = call("llvm.aarch64.neon.addp", words, {low, high});
    Value sums = call("llvm.aarch64.neon.saddlp", op.getType(), pairs);
    return arith::AddIOp::create(b, loc, op.getAcc(), sums);
  }

  Value product(phi::DotOp op, int64_t half) {
    return call("llvm.aarch64.neon.smull", vector(8, b.getI16Type()),
                {slice(op.getCodes(), half), slice(op.getValues(), half)});
  }

  phi::MachineAttr machine;
};

struct ArmLowerVector : phidias::impl::ArmLowerVectorPassBase<ArmLowerVector> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(lowerVectorOps<Lowering>(module)))
      return signalPassFailure();
    auto machine = module->getAttrOfType<phi::MachineAttr>("phi.machine");
    if (machine.getValueLanes() && !machine.getMatrix())
      loadLinesAtOnce(module);
  }
};

} // namespace
