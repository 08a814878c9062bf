// LLVM IR → optimised → machine code, in process.

#include "Optimise.h"
#include "phidias/Emit/Emit.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Triple.h"
#include <mutex>

using namespace llvm;

namespace phidias {

/// Once, as threads look targets up.
static void initialiseTargets() {
  static std::once_flag once;
  std::call_once(once, [] {
    InitializeAllTargetInfos();
    InitializeAllTargets();
    InitializeAllTargetMCs();
    InitializeAllAsmPrinters();
  });
}

static Expected<std::unique_ptr<TargetMachine>> machineFor(const TargetSpec &spec) {
  initialiseTargets();
  std::string message;
  Triple triple(spec.triple);
  const Target *target = TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return createStringError("target %s: %s", spec.triple.c_str(), message.c_str());
  auto level = spec.quickCode ? CodeGenOptLevel::None : CodeGenOptLevel::Aggressive;
  std::unique_ptr<TargetMachine> machine(target->createTargetMachine(
      triple, spec.cpu, spec.features, TargetOptions(), Reloc::Static, CodeModel::Small, level));
  if (!machine)
    return createStringError("target %s cannot make code", spec.triple.c_str());
  return machine;
}

static void describe(Module &module, const TargetSpec &spec, const TargetMachine &machine) {
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  for (Function &function : module) {
    function.addFnAttr("target-cpu", spec.cpu);
    function.addFnAttr("target-features", spec.features);
    function.setDoesNotThrow(); // nor do the runtime's: no tables for unwinding
    if (spec.addAttributes)
      spec.addAttributes(function);
  }
}

Error optimiseFor(Module &module, const TargetSpec &spec) {
  auto machine = machineFor(spec);
  if (!machine)
    return machine.takeError();
  describe(module, spec, **machine);
  return optimise(module, **machine, spec.passes);
}

Expected<ObjectBytes> generateCode(Module &module, const TargetSpec &spec, ObjectKind kind) {
  auto machine = machineFor(spec);
  if (!machine)
    return machine.takeError();
  ObjectBytes bytes;
  raw_svector_ostream stream(bytes);
  legacy::PassManager passes;
  CodeGenFileType type =
      kind == ObjectKind::Object ? CodeGenFileType::ObjectFile : CodeGenFileType::AssemblyFile;
  if ((*machine)->addPassesToEmitFile(passes, stream, nullptr, type))
    return createStringError("target %s cannot emit this kind of file", spec.triple.c_str());
  passes.run(module);
  return bytes;
}

Expected<ObjectBytes> emitObject(Module &module, const TargetSpec &spec, ObjectKind kind) {
  if (Error failure = optimiseFor(module, spec))
    return std::move(failure);
  return generateCode(module, spec, kind);
}

} // namespace phidias
