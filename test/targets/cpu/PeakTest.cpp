// phi_peak does the operations it says, in dot products alone: counted in the code that LLVM makes
// of it.
#include "phidias/Pipeline/Compile.h"
#include "targets/cpu/CpuTarget.h"
#include "test/targets/Emitted.h"
#include <gtest/gtest.h>

using namespace phidias;

namespace {

/// Assembly of a module that has phi_peak alone.
std::string peakAssembly(const char *name, double &ops) {
  auto targets = cpuTargets(name);
  if (!targets)
    return llvm::toString(targets.takeError());
  const TargetSpec &target = targets->front();
  return test::emitted(target, ObjectKind::Assembly,
                       [&](mlir::ModuleOp module) { ops = target.addPeak(module, "phi_peak"); });
}

/// Lines of the innermost loop: from its label to the jump back.
std::vector<std::string> loopOf(const std::string &assembly) {
  std::vector<std::string> lines;
  llvm::SmallVector<llvm::StringRef> all;
  llvm::StringRef(assembly).split(all, '\n');
  llvm::StringRef label;
  for (llvm::StringRef line : all) {
    line = line.trim();
    if (line.starts_with(".LBB")) {
      label = line.split(':').first;
      lines.clear();
    } else if (line.starts_with("j") && !label.empty() && line.ends_with(label)) {
      return lines;
    } else if (!line.empty() && !line.starts_with("#") && !line.starts_with(".")) {
      lines.push_back(line.str());
    }
  }
  return {};
}

int64_t countOf(const std::vector<std::string> &lines, const std::string &instruction) {
  return llvm::count_if(lines, [&](const std::string &line) {
    return line.starts_with(instruction + '\t') || line.starts_with("{vex}\t" + instruction + '\t');
  });
}

TEST(PeakTest, EveryIterationIsDotProductsInRegisters) {
  struct {
    const char *target, *instruction;
    double opsOfOne; ///< two for each of the bytes of a vector
  } cases[] = {{"x86-64-v4+avx512vnni", "vpdpbusd", 2 * 64},
               {"x86-64-v3+avxvnni", "vpdpbusd", 2 * 32},
               {"x86-64-v4", "vpmaddubsw", 2 * 64},
               {"x86-64-v3", "vpmaddubsw", 2 * 32}};
  for (const auto &[target, instruction, opsOfOne] : cases) {
    double ops = 0;
    std::string assembly = peakAssembly(target, ops);
    std::vector<std::string> loop = loopOf(assembly);
    int64_t dots = countOf(loop, instruction);
    EXPECT_EQ(dots * opsOfOne, ops) << target << '\n' << assembly;
    EXPECT_EQ(dots, 12) << target;
    // Nothing else but what the emulation needs, the counter and the jump; no copies, no memory.
    bool native = instruction == std::string("vpdpbusd");
    EXPECT_LE(loop.size(), dots * (native ? 1u : 3u) + 2) << target << '\n' << assembly;
    for (const std::string &line : loop)
      EXPECT_EQ(line.find('('), line.npos) << line;
  }
}

} // namespace
