// phi.dot, phi.dot_bf16 and phi.lookup to x86-64's intrinsics.

#include "targets/cpu/Passes.h"

using namespace mlir;
using namespace phidias;

namespace phidias {
#define GEN_PASS_DEF_CPULOWERVECTORPASS
#include "targets/cpu/Passes.h.inc"
} // namespace phidias

namespace {

/// Two products of 2 * 127 * max must fit 16 bits, signed: what vpmaddubsw adds before it
/// saturates.
constexpr int64_t kMaddMax = 32767 / (2 * 128);

class Lowering {
public:
  Lowering(Operation *op, phi::MachineAttr machine) : b(op), loc(op->getLoc()), machine(machine) {}

  Value lower(phi::DotOp op) {
    int64_t lanes = lanesOf(op.getAcc());
    if (machine.getLanes() == 4 || lanes == 4 || op.getSignedCodes())
      return dotByWords(op, lanes);
    if (lanes > machine.getLanes())
      return inHalves(op, lanes);
    if (machine.getDot())
      return call(lanes == 16 ? "llvm.x86.avx512.vpdpbusd.512" : "llvm.x86.avx512.vpdpbusd.256",
                  op.getType(), {op.getAcc(), op.getCodes(), op.getValues()});
    return op.getMax() <= kMaddMax ? dotByMadd(op, lanes) : dotByHalves(op, lanes);
  }

  /// Two of phi.dot: x86-64 has no instruction for it.
  Value lower(phi::DotMatrixOp op) {
    Value sum = op.getAcc();
    for (int64_t quad = 0; quad < 2; ++quad) {
      auto dot = phi::DotOp::create(b, loc, op.getType(), sum,
                                    words(op.getCodes(), {quad, quad, 2 + quad, 2 + quad}),
                                    words(op.getValues(), {quad, 2 + quad, quad, 2 + quad}),
                                    op.getMax(), op.getSignedCodes());
      sum = lower(dot);
      dot.erase();
    }
    return sum;
  }

  Value lower(phi::DotBf16Op op) {
    int64_t lanes = lanesOf(op.getAcc());
    if (machine.getBf16() && lanes >= 8 && lanes <= machine.getLanes())
      return call(lanes == 16 ? "llvm.x86.avx512bf16.dpbf16ps.512"
                              : "llvm.x86.avx512bf16.dpbf16ps.256",
                  op.getType(), {op.getAcc(), op.getLhs(), op.getRhs()});
    Value sum = op.getAcc();
    for (bool high : {false, true})
      sum = vector::FMAOp::create(b, loc, half(op.getLhs(), lanes, high),
                                  half(op.getRhs(), lanes, high), sum);
    return sum;
  }

  Value lower(phi::LookupOp op) {
    int64_t bytes = lanesOf(op.getCodes());
    if (bytes > 4 * machine.getLanes())
      return inHalves(op, bytes);
    SmallVector<int8_t> repeated;
    while (static_cast<int64_t>(repeated.size()) < bytes)
      llvm::append_range(repeated, op.getTable());
    Value table = arith::ConstantOp::create(
        b, loc, DenseElementsAttr::get(op.getType(), ArrayRef<int8_t>(repeated)));
    StringRef name = bytes == 64   ? "llvm.x86.avx512.pshuf.b.512"
                     : bytes == 32 ? "llvm.x86.avx2.pshuf.b"
                                   : "llvm.x86.ssse3.pshuf.b.128";
    return call(name, op.getType(), {table, op.getCodes()});
  }

private:
  /// Vectors longer than the machine's: the op on both halves, each lowered in its turn.
  template <typename Op> Value inHalves(Op op, int64_t lanes) {
    SmallVector<Value> halves;
    for (int64_t half = 0; half < 2; ++half) {
      SmallVector<Value> operands;
      for (Value operand : op->getOperands())
        operands.push_back(slice(operand, half));
      auto type = VectorType::get(lanes / 2, op.getType().getElementType());
      auto part = Op::create(b, loc, type, operands, op->getAttrs());
      halves.push_back(lower(part));
      part.erase();
    }
    return vector::ShuffleOp::create(b, loc, halves[0], halves[1],
                                     llvm::to_vector(llvm::seq<int64_t>(0, lanes)));
  }

  Value slice(Value vector, int64_t half) {
    int64_t lanes = lanesOf(vector) / 2;
    return vector::ExtractStridedSliceOp::create(b, loc, vector, half * lanes, lanes, 1);
  }

  static int64_t lanesOf(Value v) { return cast<VectorType>(v.getType()).getDimSize(0); }

  Value call(StringRef name, Type result, ValueRange operands) {
    return LLVM::CallIntrinsicOp::create(b, loc, result, b.getStringAttr(name), operands)
        .getResult(0);
  }

  Value recast(Value v, int64_t lanes, Type element) {
    return vector::BitCastOp::create(b, loc, VectorType::get(lanes, element), v);
  }

  Value splat(Type type, int64_t value) {
    auto vector = llvm::cast<VectorType>(type);
    return arith::ConstantOp::create(
        b, loc, DenseElementsAttr::get(vector, b.getIntegerAttr(vector.getElementType(), value)));
  }

  Value maddWords(Value x, Value y, int64_t lanes) {
    return call(lanes == 16 ? "llvm.x86.avx512.pmaddw.d.512" : "llvm.x86.avx2.pmadd.wd",
                VectorType::get(lanes, b.getI32Type()), {x, y});
  }

  Value dotByMadd(phi::DotOp op, int64_t lanes) {
    Type words = VectorType::get(2 * lanes, b.getI16Type());
    Value pairs = call(lanes == 16 ? "llvm.x86.avx512.pmaddubs.w.512" : "llvm.x86.avx2.pmadd.ub.sw",
                       words, {op.getCodes(), op.getValues()});
    return arith::AddIOp::create(b, loc, op.getAcc(), maddWords(pairs, splat(words, 1), lanes));
  }

  /// Even and odd bytes, widened to 16 bits, multiplied apart.
  Value dotByHalves(phi::DotOp op, int64_t lanes) {
    Type words = VectorType::get(2 * lanes, b.getI16Type());
    Value codes = recast(op.getCodes(), 2 * lanes, b.getI16Type());
    Value values = recast(op.getValues(), 2 * lanes, b.getI16Type());
    Value eight = splat(words, 8);
    Value even = arith::AndIOp::create(b, loc, codes, splat(words, 255));
    Value odd = arith::ShRUIOp::create(b, loc, codes, eight);
    Value evenValues =
        arith::ShRSIOp::create(b, loc, arith::ShLIOp::create(b, loc, values, eight), eight);
    Value oddValues = arith::ShRSIOp::create(b, loc, values, eight);
    Value sum = arith::AddIOp::create(b, loc, op.getAcc(), maddWords(even, evenValues, lanes));
    return arith::AddIOp::create(b, loc, sum, maddWords(odd, oddValues, lanes));
  }

  /// Of 16 bytes, the words with these numbers.
  Value words(Value bytes, ArrayRef<int64_t> numbers) {
    Value all = recast(bytes, 4, b.getI32Type());
    return recast(vector::ShuffleOp::create(b, loc, all, all, numbers), 16, b.getI8Type());
  }

  Value unsignedByte(Value words, int64_t byte) {
    Type type = words.getType();
    Value low = arith::ShRUIOp::create(b, loc, words, splat(type, 8 * byte));
    return arith::AndIOp::create(b, loc, low, splat(type, 255));
  }

  Value signedByte(Value words, int64_t byte) {
    Type type = words.getType();
    Value top = arith::ShLIOp::create(b, loc, words, splat(type, 24 - 8 * byte));
    return arith::ShRSIOp::create(b, loc, top, splat(type, 24));
  }

  /// Byte after byte, in 32 bits: for machines whose vectors are short, and for signed codes, which
  /// no x86-64 machine asks for.
  Value dotByWords(phi::DotOp op, int64_t lanes) {
    Value codes = recast(op.getCodes(), lanes, b.getI32Type());
    Value values = recast(op.getValues(), lanes, b.getI32Type()), sum = op.getAcc();
    for (int64_t byte = 0; byte < 4; ++byte) {
      Value code = op.getSignedCodes() ? signedByte(codes, byte) : unsignedByte(codes, byte);
      Value value = signedByte(values, byte);
      sum = arith::AddIOp::create(b, loc, sum, arith::MulIOp::create(b, loc, code, value));
    }
    return sum;
  }

  /// Low or high bf16 of each 32-bit lane, as f32.
  Value half(Value pairs, int64_t lanes, bool high) {
    Value bits = recast(pairs, lanes, b.getI32Type());
    bits = high ? arith::AndIOp::create(b, loc, bits, splat(bits.getType(), 0xffff0000)).getResult()
                : arith::ShLIOp::create(b, loc, bits, splat(bits.getType(), 16)).getResult();
    return recast(bits, lanes, b.getF32Type());
  }

  OpBuilder b;
  Location loc;
  phi::MachineAttr machine;
};

struct CpuLowerVector : phidias::impl::CpuLowerVectorPassBase<CpuLowerVector> {
  void runOnOperation() override {
    auto machine = getOperation()->getAttrOfType<phi::MachineAttr>("phi.machine");
    if (!machine) {
      getOperation().emitError("has no phi.machine");
      return signalPassFailure();
    }
    getOperation().walk([&](Operation *op) {
      if (auto dot = dyn_cast<phi::DotOp>(op))
        replace(dot, machine);
      else if (auto matrix = dyn_cast<phi::DotMatrixOp>(op))
        replace(matrix, machine);
      else if (auto bf16 = dyn_cast<phi::DotBf16Op>(op))
        replace(bf16, machine);
      else if (auto lookup = dyn_cast<phi::LookupOp>(op))
        replace(lookup, machine);
    });
  }

  template <typename Op> static void replace(Op op, phi::MachineAttr machine) {
    op.replaceAllUsesWith(Lowering(op, machine).lower(op));
    op.erase();
  }
};

} // namespace
