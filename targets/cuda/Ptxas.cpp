// ptxas -v prints, among other lines, these of the kernel, and the first two of each function:
//   ptxas info    : Function properties for phi_forward
//       0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
//   ptxas info    : Used 32 registers, used 1 barriers

#include "targets/cuda/Ptxas.h"
#include "targets/cuda/Capability.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Parallel.h"
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

/// The sum of the numbers that `pattern` captures, wherever it matches.
static int64_t numbersIn(StringRef text, StringRef pattern) {
  SmallVector<StringRef> found;
  int64_t sum = 0, number = 0;
  for (Regex regex(pattern); regex.match(text, &found);) {
    found[1].getAsInteger(10, number);
    sum += number;
    text = text.drop_front(found[0].data() - text.data() + found[0].size());
  }
  return sum;
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

static Expected<AssembledImage> examine(StringRef ptxas, const DeviceProgram &program,
                                        const DeviceImage &image, const Capability &capability) {
  auto said = assemble(ptxas, capability.cpu, image.text);
  if (!said)
    return said.takeError();
  AssembledImage assembled{capability.number};
  assembled.registers = numbersIn(*said, "Used ([0-9]+) registers");
  assembled.spillBytes = numbersIn(*said, "([0-9]+) bytes spill (stores|loads)");
  assembled.blocks = blocksThatFit(capability, program, image, assembled.registers);
  return assembled;
}

struct Task {
  const DeviceImage *image;
  const Capability *capability;
};

/// Each image for the capability that it names, and the best one for what the program is for.
static std::vector<Task> tasksOf(const DeviceProgram &program) {
  std::vector<Task> tasks;
  auto add = [&](const DeviceImage &image, unsigned capability) {
    tasks.push_back({&image, findCapability(std::to_string(capability))});
  };
  if (program.images.front().capability != program.capability)
    add(program.images.front(), program.capability);
  for (const DeviceImage &image : program.images)
    add(image, image.capability);
  return tasks;
}

Expected<std::vector<AssembledImage>> runPtxas(const DeviceProgram &program) {
  std::vector<AssembledImage> images;
  std::string ptxas = findPtxas();
  if (ptxas.empty())
    return images;
  std::vector<Task> tasks = tasksOf(program);
  std::vector<std::optional<Expected<AssembledImage>>> results(tasks.size());
  parallelFor(0, tasks.size(), [&](size_t i) {
    results[i].emplace(examine(ptxas, program, *tasks[i].image, *tasks[i].capability));
  });
  Error problems = Error::success();
  for (std::optional<Expected<AssembledImage>> &result : results)
    if (*result)
      images.push_back(**result);
    else
      problems = joinErrors(std::move(problems), result->takeError());
  if (problems)
    return std::move(problems);
  return images;
}

} // namespace phidias::cuda
