// wgmma, as nvvm's ops and, where A is in registers, as PTX in llvm.inline_asm (targets/cuda/
// Warpgroup.cpp): D, then A, then the descriptor of B.

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "targets/cuda/sim/LowerOps.h"
#include "targets/cuda/sim/SimBuilder.h"
#include "llvm/Support/Regex.h"

using namespace mlir;
using namespace phirt::abi;

namespace phidias::sim {
namespace {

constexpr StringLiteral kOpcode = "wgmma.mma_async.sync.aligned";
constexpr int64_t kMostRegisters = 128, kA = kMostRegisters, kWords = kA + 4;

/// D and A of one thread.
Value frameOf(Operation *op, const SimBuilder &s) { return s.frameOf(op, "phisim.wgmma", kWords); }

void store(const SimBuilder &s, Value frame, int64_t word, Value value) {
  LLVM::StoreOp::create(s.b, s.loc, s.words(value)[0], s.offset(frame, 4 * word));
}

struct Shape {
  SimWgmma kind;
  int64_t n;
};

std::optional<SimWgmma> kindOf(StringRef d, StringRef a, StringRef b) {
  if (d == "f32" && a == b && (a == "f16" || a == "bf16"))
    return a == "f16" ? SimWgmma::F16 : SimWgmma::Bf16;
  bool known = (a == "s8" || a == "u8") && (b == "s8" || b == "u8");
  if (d != "s32" || !known)
    return std::nullopt;
  if (a == "s8")
    return b == "s8" ? SimWgmma::S8S8 : SimWgmma::S8U8;
  return b == "s8" ? SimWgmma::U8S8 : SimWgmma::U8U8;
}

/// None where the simulator has no twin.
std::optional<Shape> shapeOf(StringRef ptx) {
  SmallVector<StringRef> part;
  if (!llvm::Regex("m64n([0-9]+)k(16|32)\\.([a-z0-9]+)\\.([a-z0-9]+)\\.([a-z0-9]+) ")
           .match(ptx, &part))
    return std::nullopt;
  auto kind = kindOf(part[3], part[4], part[5]);
  int64_t n = 0;
  part[1].getAsInteger(10, n);
  return kind ? std::optional(Shape{*kind, n}) : std::nullopt;
}

Value loadRegister(const SimBuilder &s, Value frame, int64_t i, Type type) {
  Value word = LLVM::LoadOp::create(s.b, s.loc, s.b.getI32Type(), s.offset(frame, 4 * i));
  return s.fromWords(word, type);
}

/// The registers one by one, where that is how they are used: a struct of them is a frame's worth.
void loadResult(const SimBuilder &s, Operation *op, Value frame) {
  Value result = op->getResult(0);
  for (Operation *user : llvm::make_early_inc_range(result.getUsers()))
    if (auto extract = dyn_cast<LLVM::ExtractValueOp>(user)) {
      extract.replaceAllUsesWith(
          loadRegister(s, frame, extract.getPosition().front(), extract.getType()));
      extract.erase();
    }
  if (!result.use_empty()) {
    Value all = LLVM::UndefOp::create(s.b, s.loc, result.getType());
    auto type = cast<LLVM::LLVMStructType>(result.getType());
    for (auto [i, part] : llvm::enumerate(type.getBody())) {
      auto at = static_cast<int64_t>(i);
      all = LLVM::InsertValueOp::create(s.b, s.loc, all, loadRegister(s, frame, at, part), at);
    }
    result.replaceAllUsesWith(all);
  }
  op->erase();
}

Value chainOf(const SimBuilder &s, Operation *op) {
  return s.i32(op->getAttrOfType<IntegerAttr>("phisim.chain").getInt());
}

bool lower(LLVM::InlineAsmOp op, const SimBuilder &s, Sites &sites) {
  auto shape = shapeOf(op.getAsmString());
  ValueRange operands = op.getOperands();
  if (!shape || operands.size() != static_cast<size_t>(shape->n / 2 + 5))
    return false;
  Value frame = frameOf(op, s);
  for (auto [i, value] : llvm::enumerate(operands.drop_back()))
    store(s, frame, static_cast<int64_t>(i) < shape->n / 2 ? i : kA + i - shape->n / 2, value);
  s.call("phisim_wgmma",
         {s.i32(static_cast<int64_t>(shape->kind)), s.i32(shape->n), s.offset(frame, 4 * kA),
          s.i64(0), operands.back(), frame, s.i32(kSimAdd), chainOf(s, op), s.i32(sites.add(op))});
  loadResult(s, op, frame);
  return true;
}

int64_t flagsOf(NVVM::WgmmaMmaAsyncOp op) {
  int64_t flags = op.getScaleD() == NVVM::WGMMAScaleOut::one ? kSimAdd : 0;
  if (op.getScaleA() == NVVM::WGMMAScaleIn::neg)
    flags |= kSimNegateA;
  if (op.getScaleB() == NVVM::WGMMAScaleIn::neg)
    flags |= kSimNegateB;
  if (op.getLayoutA() == NVVM::MMALayout::col)
    flags |= kSimTransposedA;
  if (op.getLayoutB() == NVVM::MMALayout::row)
    flags |= kSimTransposedB;
  return flags;
}

bool lower(NVVM::WgmmaMmaAsyncOp op, const SimBuilder &s, Sites &sites) {
  auto kind = kindOf(stringifyWGMMATypes(op.getTypeD()), stringifyWGMMATypes(op.getTypeA()),
                     stringifyWGMMATypes(op.getTypeB()));
  if (!kind || op.getSatfinite())
    return false;
  Value frame = frameOf(op, s);
  auto type = cast<LLVM::LLVMStructType>(op.getInouts().getType());
  for (size_t i = 0; i < type.getBody().size(); ++i)
    store(s, frame, i, LLVM::ExtractValueOp::create(s.b, s.loc, op.getInouts(), i));
  Value none = LLVM::ZeroOp::create(s.b, s.loc, s.pointer());
  s.call("phisim_wgmma", {s.i32(static_cast<int64_t>(*kind)), s.i32(op.getShape().getN()), none,
                          op.getDescriptorA(), op.getDescriptorB(), frame, s.i32(flagsOf(op)),
                          chainOf(s, op), s.i32(sites.add(op))});
  loadResult(s, op, frame);
  return true;
}

} // namespace

bool isWgmma(Operation *op) {
  if (auto ptx = dyn_cast<LLVM::InlineAsmOp>(op))
    return ptx.getAsmString().contains(kOpcode);
  return isa<NVVM::WgmmaMmaAsyncOp>(op);
}

bool lowerWgmmaOp(Operation *op, ModuleOp module, Sites &sites) {
  OpBuilder b(op);
  SimBuilder s(module, b, op->getLoc());
  auto call = [&](StringRef name, ValueRange operands) {
    s.call(name, operands);
    op->erase();
    return true;
  };
  if (auto ptx = dyn_cast<LLVM::InlineAsmOp>(op))
    return lower(ptx, s, sites);
  if (auto wgmma = dyn_cast<NVVM::WgmmaMmaAsyncOp>(op))
    return lower(wgmma, s, sites);
  if (isa<NVVM::WgmmaFenceAlignedOp>(op))
    return call("phisim_wgmma_fence", s.i32(sites.add(op)));
  if (isa<NVVM::WgmmaGroupSyncAlignedOp>(op))
    return call("phisim_wgmma_commit", {});
  if (auto wait = dyn_cast<NVVM::WgmmaWaitGroupSyncOp>(op))
    return call("phisim_wgmma_wait",
                {s.i32(static_cast<int64_t>(wait.getGroup())), s.i32(sites.add(op))});
  return false;
}

} // namespace phidias::sim
