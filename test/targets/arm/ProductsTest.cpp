// Every product gives what plain integer arithmetic does, for each set of features on the smallest
// machine that has them, and SVE's also on machines with longer vectors. Under qemu.
#include "targets/arm/ArmTarget.h"
#include "test/targets/Emitted.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace phidias;

namespace {

std::string readInput(const char *name) {
  auto file = llvm::MemoryBuffer::getFile(std::string("Inputs/") + name);
  return file ? (*file)->getBuffer().str() : "";
}

int run(const std::vector<std::string> &words) {
  auto program = llvm::sys::findProgramByName(words[0]);
  EXPECT_TRUE(bool(program)) << words[0];
  std::vector<llvm::StringRef> arguments(words.begin(), words.end());
  return program ? llvm::sys::ExecuteAndWait(*program, arguments) : -1;
}

/// A program of the driver and of the products as `target` makes them.
std::string build(const TargetSpec &target) {
  llvm::SmallString<64> base;
  llvm::sys::fs::createTemporaryFile("products", "o", base);
  std::string object(base), program = object + ".exe";
  std::string code = test::emittedText(target, ObjectKind::Object, readInput("products.mlir"));
  std::error_code failure;
  llvm::raw_fd_ostream(object, failure) << code;
  EXPECT_FALSE(failure);
  EXPECT_EQ(run({PHIDIAS_C_COMPILER, "--target=aarch64-linux-gnu", "-fuse-ld=lld", "-O1", "-static",
                 "Inputs/driver.c", object, "-o", program}),
            0);
  llvm::sys::fs::remove(object);
  return program;
}

TEST(ProductsTest, AreExactOnEveryMachine) {
  struct {
    const char *target;
    std::vector<const char *> machines;
  } cases[] = {
      {"arm64-generic", {"cortex-a72", "max"}},
      {"arm64-generic+dotprod", {"neoverse-n1", "max"}},
      {"arm64-generic+dotprod+i8mm+bf16", {"max", "max,sve-default-vector-length=16"}},
      {"arm64-generic+dotprod+i8mm+bf16+sve2", {"max", "max,sve-default-vector-length=16"}},
      {"arm64-generic+dotprod+i8mm+bf16+sve256",
       {"max,sve-default-vector-length=32", "max,sve-default-vector-length=64",
        "max,sve-default-vector-length=256"}},
      {"arm64-generic+sve256", {"a64fx", "max,sve-default-vector-length=32"}},
      {"arm64-generic+sve512",
       {"a64fx", "max,sve-default-vector-length=64", "max,sve-default-vector-length=128"}},
  };
  for (const auto &[name, machines] : cases) {
    auto targets = armTargets(name);
    ASSERT_TRUE(bool(targets)) << llvm::toString(targets.takeError());
    std::string program = build(targets->front());
    for (const char *machine : machines)
      EXPECT_EQ(run({"qemu-aarch64", "-cpu", machine, program}), 0) << name << " on " << machine;
    llvm::sys::fs::remove(program);
  }
}

} // namespace
