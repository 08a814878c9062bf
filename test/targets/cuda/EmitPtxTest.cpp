// From a mapped module to PTX: one kernel for each capability, or a word on why there is none.
#include "targets/cuda/EmitPtx.h"
#include "lib/Pipeline/Phases.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Parser/Parser.h"
#include "targets/cuda/MapTiles.h"
#include "targets/cuda/SharedMemory.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace phidias;

namespace {

/// A pass that copies its first token.
constexpr const char *kForward = R"mlir(
  func.func @forward(%weights: memref<?xi8>, %arena: memref<?xi8>, %cache: memref<?xi8>, %tokens: memref<?xi32>,
                     %logits: memref<?xi8>, %count: index, %position: index, %capacity: index, %rows: index, %long: i1,
                     %thread: index, %threads: index, %barrier: !llvm.ptr, %scratch: memref<?xi8>, %profile: !llvm.ptr,
                     %pieces: index, %claims: !llvm.ptr, %choice: memref<?xi8>) {
    %zero = arith.constant 0 : index
    %token = memref.load %tokens[%zero] : memref<?xi32>
    %words = memref.view %logits[%zero][%rows] : memref<?xi8> to memref<?xi32>
    memref.store %token, %words[%thread] : memref<?xi32>
    return
  }
)mlir";

/// The texts, or what is wrong.
std::vector<std::string> emitted(int64_t sharedBytes, ArrayRef<const char *> numbers,
                                 bool hasOther = false) {
  MLIRContext context;
  loadDialects(context);
  context.loadDialect<gpu::GPUDialect, NVVM::NVVMDialect>();
  auto module = parseSourceString<ModuleOp>(kForward, &context);
  (*module)->setAttr("phi.shared_bytes",
                     IntegerAttr::get(IntegerType::get(&context, 64), sharedBytes));
  if (hasOther) {
    ModuleOp other = module->clone();
    other.setSymName(cuda::kPortable);
    module->push_back(other);
  }
  std::vector<const cuda::Capability *> capabilities;
  for (const char *number : numbers)
    capabilities.push_back(cuda::findCapability(number));
  auto program = cuda::emitPtx(*module, capabilities, DeviceText::Final);
  if (!program)
    return {llvm::toString(program.takeError())};
  std::vector<std::string> texts;
  for (const DeviceImage &image : program->images)
    texts.push_back(image.text + (image.wholeOnly ? "// runs whole passes alone" : ""));
  return texts;
}

constexpr const char *kEntry[] = {".visible .entry phi_forward(",
                                  ".param .align 8 .b8 phi_forward_param_0[168]", ".reqntid 256",
                                  "ld.global.b32", "st.global.b32"};

TEST(EmitPtxTest, OneImageOfTheSameCode) {
  auto texts = emitted(1000, {"90", "80"});
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_NE(texts[0].find(".target sm_80\n"), std::string::npos);
  for (const char *part : kEntry)
    EXPECT_NE(texts[0].find(part), std::string::npos) << part << "\n" << texts[0];
}

// The module inside is the portable one.
TEST(EmitPtxTest, AnImageForEachCode) {
  auto texts = emitted(1000, {"90", "80"}, /*hasOther=*/true);
  ASSERT_EQ(texts.size(), 2u);
  EXPECT_NE(texts[0].find(".target sm_90a\n"), std::string::npos);
  EXPECT_NE(texts[1].find(".target sm_80\n"), std::string::npos);
  // A chain of launches is for the portable one.
  EXPECT_TRUE(StringRef(texts[0]).ends_with("// runs whole passes alone"));
  EXPECT_FALSE(StringRef(texts[1]).ends_with("// runs whole passes alone"));
  for (const std::string &text : texts)
    for (const char *part : kEntry)
      EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

// CUDA C++ Programming Guide, "Technical Specifications per Compute Capability": shared memory of a
// block, in kB.
TEST(EmitPtxTest, NoMoreSharedMemoryThanTheMachineHas) {
  std::pair<const char *, int64_t> most[] = {{"80", 163}, {"86", 99}, {"89", 99}, {"90", 227}};
  for (auto [number, kilobytes] : most) {
    int64_t own = (kilobytes << 10) - cuda::kCounterBytes; // beside the counters of loops
    EXPECT_NE(emitted(own, {number})[0].find(".entry"), std::string::npos);
    std::string problem = emitted(own + 8, {number})[0]; // counters are of 8 bytes
    EXPECT_EQ(problem, "the kernel needs " + std::to_string((kilobytes << 10) + 8) +
                           " bytes of shared memory for a block of threads, sm_" + number +
                           (number == std::string("90") ? "a" : "") + " has " +
                           std::to_string(kilobytes << 10));
  }
  EXPECT_NE(emitted(200 << 10, {"90", "80"})[0].find("sm_80 has 166912"), std::string::npos);
}

} // namespace
