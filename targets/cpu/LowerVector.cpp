// phi.dot, phi.dot_bf16, phi.lookup and phi.rescale to x86-64's intrinsics.

#include "phidias/Target/LowerVector.h"
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

class Lowering : VectorBuilder {
public:
  Lowering(Operation *op, phi::MachineAttr machine) : VectorBuilder(op), machine(machine) {}

  Value lower(phi::DotOp op) {
    int64_t lanes = lanesOf(op.getAcc());
    if (machine.getLanes() == 4 || lanes == 4 || op.getSignedCodes())
      return dotByWords(op, lanes);
    if (lanes > machine.getLanes())
      return inHalves(op, [&](auto part) { return lower(part); });
    if (machine.getDot())
      return call(lanes == 16 ? "llvm.x86.avx512.vpdpbusd.512" : "llvm.x86.avx512.vpdpbusd.256",
                  op.getType(), {op.getAcc(), op.getCodes(), op.getValues()});
    return op.getMax() <= kMaddMax ? dotByMadd(op, lanes) : dotByHalves(op, lanes);
  }

  /// x86-64 has no instruction for it.
  Value lower(phi::DotMatrixOp op) {
    return matrixByDots(op, [&](phi::DotOp dot) { return lower(dot); });
  }

  Value lower(phi::DotBf16Op op) {
    int64_t lanes = lanesOf(op.getAcc());
    if (machine.getBf16() && lanes >= 8 && lanes <= machine.getLanes())
      return call(lanes == 16 ? "llvm.x86.avx512bf16.dpbf16ps.512"
                              : "llvm.x86.avx512bf16.dpbf16ps.256",
                  op.getType(), {op.getAcc(), op.getLhs(), op.getRhs()});
    return fmaOfHalves(op);
  }

  Value lower(phi::LookupOp op) {
    int64_t bytes = lanesOf(op.getCodes());
    if (bytes > 4 * machine.getLanes())
      return inHalves(op, [&](auto part) { return lower(part); });
    StringRef name = bytes == 64   ? "llvm.x86.avx512.pshuf.b.512"
                     : bytes == 32 ? "llvm.x86.avx2.pshuf.b"
                                   : "llvm.x86.ssse3.pshuf.b.128";
    return call(name, op.getType(), {table(op.getTable(), bytes), op.getCodes()});
  }

  /// Even and odd bytes apart, each at the top of 16 bits: vpmulhrsw is (256 x * y + 2^14) >> 15.
  Value lower(phi::RescaleOp op) {
    int64_t bytes = lanesOf(op.getCodes());
    if (bytes > 4 * machine.getLanes())
      return inHalves(op, [&](auto part) { return lower(part); });
    Type words = vector(bytes / 2, b.getI16Type());
    Value codes = recast(op.getCodes(), bytes / 2, b.getI16Type());
    Value factors = recast(op.getFactors(), bytes / 2, b.getI16Type());
    Value eight = splat(words, 8), high = splat(words, -256);
    Value evenFactors =
        arith::ShRSIOp::create(b, loc, arith::ShLIOp::create(b, loc, factors, eight), eight);
    Value even = mulHighRounded(arith::ShLIOp::create(b, loc, codes, eight), evenFactors);
    Value odd = mulHighRounded(arith::AndIOp::create(b, loc, codes, high),
                               arith::ShRSIOp::create(b, loc, factors, eight));
    Value low = arith::AndIOp::create(b, loc, even, splat(words, 255));
    Value both = arith::OrIOp::create(b, loc, low, arith::ShLIOp::create(b, loc, odd, eight));
    return recast(both, bytes, b.getI8Type());
  }

private:
  Value mulHighRounded(Value x, Value y) {
    int64_t lanes = lanesOf(x);
    StringRef name = lanes == 32   ? "llvm.x86.avx512.pmul.hr.sw.512"
                     : lanes == 16 ? "llvm.x86.avx2.pmul.hr.sw"
                                   : "llvm.x86.ssse3.pmul.hr.sw.128";
    return call(name, x.getType(), {x, y});
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

  phi::MachineAttr machine;
};

struct CpuLowerVector : phidias::impl::CpuLowerVectorPassBase<CpuLowerVector> {
  void runOnOperation() override {
    if (failed(lowerVectorOps<Lowering>(getOperation())))
      signalPassFailure();
  }
};

} // namespace
