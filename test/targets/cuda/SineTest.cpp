// Sine and cosine of the threads of a block, against libm's of f64: their code is run on this
// machine, which has the same operations.
#include "targets/cuda/Sine.h"
#include "lib/Pipeline/Phases.h"
#include "phidias/Emit/Emit.h"
#include "llvm/ADT/bit.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/TargetSelect.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace phidias;

namespace {

/// func @turn(angle, memref<2xf32>): cosine, sine.
void buildTurn(ModuleOp module) {
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  auto result = MemRefType::get(2, b.getF32Type());
  auto function = func::FuncOp::create(b, b.getUnknownLoc(), "turn",
                                       b.getFunctionType({b.getF32Type(), result}, {}));
  Block *body = function.addEntryBlock();
  b.setInsertionPointToStart(body);
  vec::Emitter e{b, b.getUnknownLoc()};
  cuda::Turn turn = cuda::emitTurn(e, body->getArgument(0));
  e.storeOne(turn.cosine, body->getArgument(1), e.index(0));
  e.storeOne(turn.sine, body->getArgument(1), e.index(1));
  func::ReturnOp::create(b, e.loc);
}

class SineTest : public testing::Test {
protected:
  /// The memref's fields: allocated, aligned, offset, size, stride.
  using Function = void (*)(float, float *, float *, int64_t, int64_t, int64_t);

  void SetUp() override {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    MLIRContext context;
    loadDialects(context);
    OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
    buildTurn(*module);
    ASSERT_FALSE(bool(lowerToLlvmDialect(*module)));
    auto llvmContext = std::make_unique<llvm::LLVMContext>();
    auto ir = llvm::cantFail(translateToLlvm(*module, *llvmContext));
    jit = llvm::cantFail(llvm::orc::LLJITBuilder().create());
    llvm::cantFail(jit->addIRModule({std::move(ir), std::move(llvmContext)}));
    function = llvm::cantFail(jit->lookup("turn")).toPtr<Function>();
  }

  std::pair<float, float> turn(float angle) const {
    float result[2];
    function(angle, result, result, 0, 2, 1);
    return {result[0], result[1]};
  }

  /// Notes how far the results for `angle` are from the truth.
  void check(float angle) {
    auto [cosine, sine] = turn(angle);
    note(cosine, std::cos(static_cast<double>(angle)), angle);
    note(sine, std::sin(static_cast<double>(angle)), angle);
  }

  float worst = 0;      ///< in units of the last place
  float worstAngle = 0; ///< where

private:
  void note(float got, double want, float angle) {
    double place = std::ldexp(1.0, std::max(std::ilogb(want), -126) - 23);
    auto error = static_cast<float>(std::abs(got - want) / place);
    if (error <= worst) // NaN is not
      return;
    worst = error;
    worstAngle = angle;
  }

  std::unique_ptr<llvm::orc::LLJIT> jit;
  Function function = nullptr;
};

constexpr float kMost = 131072; ///< positions; frequencies are 1 at most

TEST_F(SineTest, EveryPosition) {
  for (float position = 0; position <= kMost; ++position)
    check(position);
  EXPECT_LE(worst, 1.6) << worstAngle;
}

// The f32s on both sides of each multiple of pi/4: there one of the two is smallest, or they are
// swapped.
TEST_F(SineTest, NearMultiplesOfAnEighthOfATurn) {
  for (int64_t n = 1; n * M_PI_4 < kMost; ++n) {
    auto near = static_cast<float>(static_cast<double>(n) * M_PI_4);
    check(near);
    check(std::nextafter(near, 0.0f));
    check(std::nextafter(near, kMost));
  }
  EXPECT_LE(worst, 1.6) << worstAngle;
}

TEST_F(SineTest, AllMagnitudes) {
  uint32_t last = llvm::bit_cast<uint32_t>(kMost);
  for (uint32_t bits = 0; bits <= last; bits += 499)
    check(llvm::bit_cast<float>(bits));
  EXPECT_LE(worst, 1.6) << worstAngle;
}

TEST_F(SineTest, NegativeAnglesAndZero) {
  EXPECT_EQ(turn(0), std::pair(1.0f, 0.0f));
  for (float angle = -kMost; angle < 0; angle += 0.75f)
    check(angle);
  EXPECT_LE(worst, 1.6) << worstAngle;
}

} // namespace
