// ptxas -v prints, among other lines:
//   ptxas info    : Function properties for phi_forward
//       0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
//   ptxas info    : Used 32 registers, used 1 barriers

#include "targets/cuda/Ptxas.h"
#include "targets/cuda/Capability.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace phidias::cuda {

/// Of a multiprocessor, from sm_80 to sm_90.
static constexpr int64_t kRegisters = 65536, kReservedBytes = 1 << 10;

static std::string findPtxas() {
  if (auto found = sys::findProgramByName("ptxas"))
    return *found;
  const char *home = getenv("CUDA_HOME");
  std::string folder = home ? std::string(home) + "/bin" : "";
  auto found =
      sys::findProgramByName("ptxas", home ? ArrayRef<StringRef>(folder) : ArrayRef<StringRef>());
  return home && found ? *found : "";
}

/// The number that `pattern` captures; -1 where it is not there.
static int64_t numberIn(StringRef text, StringRef pattern) {
  SmallVector<StringRef> found;
  int64_t number = -1;
  if (Regex(pattern).match(text, &found))
    found[1].getAsInteger(10, number);
  return number;
}

/// A thread's registers are given out in eights; blocks share registers and shared memory.
static int64_t blocksThatFit(const Capability &capability, const DeviceProgram &program,
                             const DeviceImage &image, int64_t registers) {
  int64_t byRegisters = kRegisters / (alignTo(registers, 8) * program.blockThreads);
  int64_t shared = (image.sharedBytes ? image.sharedBytes : program.sharedBytes) + kReservedBytes;
  return std::min(byRegisters, (capability.sharedBytes + kReservedBytes) / shared);
}

static Expected<std::string> assemble(StringRef ptxas, StringRef cpu, StringRef text) {
  SmallString<128> source, messages;
  for (SmallString<128> *path : {&source, &messages})
    if (std::error_code error = sys::fs::createTemporaryFile("phidias", "ptx", *path))
      return createStringError("ptxas: no temporary file: %s", error.message().c_str());
  scope_exit cleanup([&] {
    sys::fs::remove(source);
    sys::fs::remove(messages);
  });
  std::error_code error;
  raw_fd_ostream(source, error) << text;
  std::string architecture = ("-arch=" + cpu).str();
  StringRef arguments[] = {ptxas, architecture, "-v", source, "-o", "/dev/null"};
  std::string problem;
  int status = sys::ExecuteAndWait(ptxas, arguments, std::nullopt,
                                   {StringRef(""), StringRef(messages), StringRef(messages)}, 0, 0,
                                   &problem);
  auto printed = MemoryBuffer::getFile(messages);
  std::string said = printed ? (*printed)->getBuffer().str() : problem;
  if (status != 0)
    return createStringError("ptxas -arch=%s: %s", cpu.str().c_str(),
                             StringRef(said).split('\n').first.str().c_str());
  return said;
}

Expected<std::vector<AssembledImage>> runPtxas(const DeviceProgram &program) {
  std::vector<AssembledImage> images;
  std::string ptxas = findPtxas();
  if (ptxas.empty())
    return images;
  for (const DeviceImage &image : program.images) {
    const Capability &capability = *findCapability(std::to_string(image.capability));
    auto said = assemble(ptxas, capability.cpu, image.text);
    if (!said)
      return said.takeError();
    AssembledImage assembled{image.capability};
    assembled.registers = numberIn(*said, "Used ([0-9]+) registers");
    assembled.spillBytes = numberIn(*said, "([0-9]+) bytes spill stores") +
                           numberIn(*said, "([0-9]+) bytes spill loads");
    assembled.blocks = blocksThatFit(capability, program, image, assembled.registers);
    images.push_back(assembled);
  }
  return images;
}

} // namespace phidias::cuda
