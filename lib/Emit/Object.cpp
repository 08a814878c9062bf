// LLVM IR → optimised → machine code, in process.

#include "Optimise.h"
#include "phidias/Emit/Emit.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace phidias {

static Expected<std::unique_ptr<TargetMachine>> machineFor(const TargetSpec &spec) {
  InitializeAllTargetInfos();
  InitializeAllTargets();
  InitializeAllTargetMCs();
  InitializeAllAsmPrinters();
  std::string message;
  Triple triple(spec.triple);
  const Target *target = TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return createStringError("target %s: %s", spec.triple.c_str(), message.c_str());
  std::unique_ptr<TargetMachine> machine(
      target->createTargetMachine(triple, spec.cpu, spec.features, TargetOptions(), Reloc::Static,
                                  CodeModel::Small, CodeGenOptLevel::Aggressive));
  if (!machine)
    return createStringError("target %s cannot make code", spec.triple.c_str());
  return machine;
}

Expected<ObjectBytes> emitObject(Module &module, const TargetSpec &spec, ObjectKind kind) {
  auto machine = machineFor(spec);
  if (!machine)
    return machine.takeError();
  module.setTargetTriple((*machine)->getTargetTriple());
  module.setDataLayout((*machine)->createDataLayout());
  for (Function &function : module) {
    function.addFnAttr("target-cpu", spec.cpu);
    function.addFnAttr("target-features", spec.features);
    function.setDoesNotThrow(); // nor do the runtime's: no tables for unwinding
    if (spec.addAttributes)
      spec.addAttributes(function);
  }
  optimise(module, **machine);
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

} // namespace phidias
