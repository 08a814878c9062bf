#pragma once
/// From loops to a program: entry point, LLVM IR, objects, descriptor, link.

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "phidias/Target/Target.h"
#include "phirt/abi.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include <array>
#include <memory>

namespace phidias {

using Hash = std::array<uint8_t, 32>;
using ObjectBytes = llvm::SmallVector<char, 0>;
enum class ObjectKind { Object, Assembly };

/// Adds `name(const phirt::abi::ForwardArgs *)`, which calls the lowered @forward. `team` gives
/// thread and threads, where ForwardArgs does not say them: pieces are then as many as threads.
using TeamValues = llvm::function_ref<std::pair<mlir::Value, mlir::Value>(mlir::OpBuilder &)>;
void addEntryPoint(mlir::ModuleOp module, llvm::StringRef name, TeamValues team = nullptr);

/// Makes of each function a module of its own inside `module`, with what it calls declared: its
/// parts. What they use of the same constant has one address where `sharesConstants`; else each
/// part has its own.
void splitIntoParts(mlir::ModuleOp module, bool sharesConstants = false);

/// Lowers loops, memrefs and vectors to the LLVM dialect, in place; parts, where there are any,
/// side by side.
llvm::Error lowerToLlvmDialect(mlir::ModuleOp module);

/// What translateToLlvm asks of a context, once.
void registerTranslations(mlir::MLIRContext &context);

/// LLVM IR for `module`.
llvm::Expected<std::unique_ptr<llvm::Module>> translateToLlvm(mlir::ModuleOp module,
                                                              llvm::LLVMContext &context);

/// Optimises `module`, in place.
llvm::Error optimiseFor(llvm::Module &module, const TargetSpec &target);

/// Machine code of an optimised `module`, as an ELF object or as text.
llvm::Expected<ObjectBytes> generateCode(llvm::Module &module, const TargetSpec &target,
                                         ObjectKind kind);

/// Both.
llvm::Expected<ObjectBytes> emitObject(llvm::Module &module, const TargetSpec &target,
                                       ObjectKind kind);

/// An object of each part of `module`, which is in the LLVM dialect; side by side.
llvm::Expected<std::vector<ObjectBytes>> emitParts(mlir::ModuleOp module, const TargetSpec &target);

/// LLVM IR of all parts together, each after `treat`.
llvm::Expected<std::unique_ptr<llvm::Module>>
joinParts(mlir::ModuleOp module, llvm::LLVMContext &context,
          llvm::function_ref<llvm::Error(llvm::Module &)> treat);

/// phirt::abi::StageInfo with its name.
struct StageDescription {
  std::string name;
  uint64_t weightBytes = 0;  ///< read by one pass, over all calls
  uint64_t macsPerToken = 0; ///< over all calls
  bool logitRows = false;    ///< computes the rows whose logits are wanted, not every token
  int64_t calls = 1;         ///< in one pass
};

/// phirt::abi::Code with its names.
struct CodeDescription {
  std::string name; ///< of the machine
  std::vector<FeatureNeed> needs;
  std::string suffix;          ///< of the names of its functions
  std::string forwardFunction; ///< symbol of a phirt::abi::Forward; empty with a device
  DeviceProgram device;        ///< without images: runs on the processor
  uint64_t arenaBytes = 0, scratchBytes = 0;
  std::vector<StageDescription> stages; ///< empty: the code does not call phirt_stage
  std::string peakFunction;             ///< symbol of a phirt::abi::Peak; empty: none
  double peakOpsPerIteration = 0;
  bool chooses = false; ///< heeds ForwardArgs::choice
};

/// What the descriptor of a program says beside what the module's attributes do.
struct ProgramInfo {
  std::string name, description;
  Hash weightsId{};
  Hash hashMarker{}; ///< stands where the program's own hash will be written
  uint64_t weightsBytes = 0;
  int64_t vocab = 0, layers = 0, hidden = 0, maxContext = 0, originalContext = 0;
  int64_t maxTokens = 0, bosId = -1;
  uint64_t cacheBytesPerPosition = 0;
  std::vector<int32_t> stopIds;
  phirt::abi::GenerationDefaults generation{};
  std::vector<uint8_t> tokenizer, chatTemplate;
  std::vector<CodeDescription> codes; ///< the best first
};

/// The object that defines `phirt_model`.
llvm::Expected<ObjectBytes> emitDescriptor(const ProgramInfo &info, const TargetSpec &target);

/// Links `objects` with the runtime at `runtimePath` into the program `output` for `target`, in
/// process.
llvm::Error linkProgram(llvm::ArrayRef<ObjectBytes> objects, const TargetSpec &target,
                        llvm::StringRef runtimePath, llvm::StringRef output);

/// One relocatable object of `objects`, in process.
llvm::Expected<ObjectBytes> joinObjects(llvm::ArrayRef<ObjectBytes> objects,
                                        const TargetSpec &target);

/// Replaces `marker` in the file by the BLAKE3 of the file with these 32 bytes zero.
llvm::Error sealProgram(llvm::StringRef path, const Hash &marker);

} // namespace phidias
