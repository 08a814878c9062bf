// The instructions that each set of features is there for, in the assembly: products by name,
// factors from lanes, and a peak of products alone.
#include "targets/arm/ArmTarget.h"
#include "test/targets/Emitted.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Regex.h"

using namespace phidias;

namespace {

TargetSpec targetOf(const char *name) {
  auto targets = armTargets(name);
  EXPECT_TRUE(bool(targets)) << llvm::toString(targets.takeError());
  return targets->front();
}

std::string assemblyOf(const char *target, const char *file, const char *max = "127") {
  auto text = llvm::MemoryBuffer::getFile(std::string("Inputs/") + file);
  std::string module = text ? (*text)->getBuffer().str() : "";
  if (size_t at = module.find("MAX"); at != module.npos)
    module.replace(at, 3, max);
  return test::emittedText(targetOf(target), ObjectKind::Assembly, module);
}

/// The body of one function, a line an instruction, words set apart by one space.
std::vector<std::string> linesOf(const std::string &assembly, llvm::StringRef function) {
  std::vector<std::string> lines;
  llvm::StringRef body(assembly);
  body = body.split(("\n" + function + ":").str()).second.split(".size\t" + function.str()).first;
  llvm::SmallVector<llvm::StringRef> all;
  body.split(all, '\n');
  for (llvm::StringRef line : all) {
    auto [name, operands] = line.trim().split('\t');
    if (!name.empty() && !name.starts_with("//") && (!name.starts_with(".") || name.ends_with(":")))
      lines.push_back((name + " " + operands).str());
  }
  return lines;
}

int64_t countOf(const std::vector<std::string> &lines, const std::string &pattern) {
  llvm::Regex regex("^" + pattern);
  return llvm::count_if(lines, [&](const std::string &line) { return regex.match(line); });
}

TEST(AssemblyTest, EachSetHasItsProducts) {
  struct {
    const char *target, *function, *instruction;
    int64_t count;
  } cases[] = {
      {"arm64-generic", "dot16_s8", "smull2? v", 8},
      {"arm64-generic", "dot16_s8", "addp v.*\\.8h", 4},
      {"arm64-generic", "dot16_s8", "sadalp v.*\\.4s", 4},
      {"arm64-cortex-a72", "dot16_u7", "sadalp v", 4},
      {"arm64-generic", "bf16_4", "fmla v.*\\.4s", 2},
      {"arm64-generic", "lookup16", "tbl v", 1},
      {"arm64-generic+dotprod", "dot16_u7", "sdot v.*\\.4s, v.*\\.16b", 4},
      {"arm64-generic+dotprod", "dot16_s8", "sdot v", 4},
      {"arm64-neoverse-n1", "dot4_u8", "sdot v", 2},
      {"arm64-apple-m1", "dot16_u7", "sdot v", 4},
      {"arm64-generic+dotprod+i8mm+bf16", "dot16_u7", "sdot v", 4},
      {"arm64-generic+dotprod+i8mm+bf16", "dot16_u8", "usdot v", 4},
      {"arm64-generic+dotprod+i8mm+bf16", "matrix_u7", "smmla v", 1},
      {"arm64-generic+dotprod+i8mm+bf16", "matrix_s8", "smmla v", 1},
      {"arm64-generic+dotprod+i8mm+bf16", "matrix_u8", "usmmla v", 1},
      {"arm64-generic+dotprod+i8mm+bf16", "bf16_16", "bfdot v", 4},
      {"arm64-neoverse-v2", "matrix_u7", "smmla v", 1},
      {"arm64-cortex-x4", "dot16_u8", "usdot v", 4},
      {"arm64-generic+dotprod+i8mm+bf16+sve256", "dot16_u7", "sdot z.*\\.s, z.*\\.b", 2},
      {"arm64-generic+dotprod+i8mm+bf16+sve256", "dot16_u8", "usdot z", 2},
      {"arm64-generic+dotprod+i8mm+bf16+sve256", "bf16_16", "fm(la|ad) z", 4},
      {"arm64-neoverse-v1+sve256", "lookup64", "tbl z", 2},
      {"arm64-generic+sve512", "dot16_u7", "sdot z", 1},
      {"arm64-a64fx", "dot16_s8", "sdot z", 1},
      {"arm64-a64fx", "lookup64", "tbl z", 1},
  };
  for (const auto &[target, function, instruction, count] : cases) {
    std::string assembly = assemblyOf(target, "products.mlir");
    EXPECT_EQ(countOf(linesOf(assembly, function), instruction), count)
        << target << ", " << function << ": " << instruction;
    // Vectors of SVE stay in registers, whatever their length is.
    EXPECT_EQ(countOf(linesOf(assembly, function), ".*\\[sp"), 0) << target << ", " << function;
  }
}

TEST(AssemblyTest, AFactorComesFromALane) {
  std::string dot = assemblyOf("arm64-neoverse-n1", "by-lane.mlir");
  EXPECT_EQ(
      countOf(linesOf(dot, "by_lane"), "sdot v[0-9]+\\.4s, v[0-9]+\\.16b, v[0-9]+\\.4b\\[2\\]"), 4);
  EXPECT_EQ(
      countOf(linesOf(dot, "fma_by_lane"), "fmla v[0-9]+\\.4s, v[0-9]+\\.4s, v[0-9]+\\.s\\[3\\]"),
      4);
  EXPECT_EQ(countOf(linesOf(dot, "by_lane"), "dup"), 0);
  std::string large = assemblyOf("arm64-neoverse-n2", "by-lane.mlir", "255");
  EXPECT_EQ(
      countOf(linesOf(large, "by_lane"), "usdot v[0-9]+\\.4s, v[0-9]+\\.16b, v[0-9]+\\.4b\\[2\\]"),
      4);
}

/// What is between a label and the jump back to it.
std::vector<std::string> loopOf(const std::vector<std::string> &lines) {
  std::vector<std::string> loop;
  std::string label;
  for (const std::string &line : lines) {
    if (line.starts_with(".L")) {
      label = line.substr(0, line.find(':'));
      loop.clear();
    } else if (line.starts_with("b.") && !label.empty() && line.ends_with(label)) {
      return loop;
    } else {
      loop.push_back(line);
    }
  }
  return {};
}

TEST(AssemblyTest, ThePeakIsProductsInRegisters) {
  struct {
    const char *target, *instruction;
    double opsOfOne; ///< two for each multiply-add
  } cases[] = {{"arm64-neoverse-n1", "sdot v", 2 * 16},
               {"arm64-neoverse-v2", "smmla v", 2 * 32},
               {"arm64-neoverse-v1+sve256", "sdot z", 2 * 32},
               {"arm64-generic+sve512", "sdot z", 2 * 64},
               {"arm64-cortex-a72", "sadalp v", 2 * 16}};
  for (const auto &[name, instruction, opsOfOne] : cases) {
    TargetSpec target = targetOf(name);
    double ops = 0;
    std::string assembly = test::emitted(target, ObjectKind::Assembly, [&](mlir::ModuleOp module) {
      ops = target.addPeak(module, "phi_peak");
    });
    std::vector<std::string> loop = loopOf(linesOf(assembly, "phi_peak"));
    int64_t products = countOf(loop, instruction);
    EXPECT_GE(products, 16) << name << '\n' << assembly;
    EXPECT_EQ(products * opsOfOne, ops) << name;
    // Nothing else but what the emulation needs, and the counter; no copies, no memory.
    EXPECT_LE(loop.size(), products * (target.machine.dot ? 1u : 4u) + 1) << name << '\n'
                                                                          << assembly;
    EXPECT_EQ(countOf(loop, ".*\\[[sx]"), 0) << name;
  }
}

} // namespace
