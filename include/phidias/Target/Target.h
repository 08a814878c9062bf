#pragma once
/// What lib may ask of a machine. Targets (targets/t) fill it in.

#include "phirt/abi.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace llvm {
class Function;
} // namespace llvm

namespace mlir {
class ModuleOp;
class OpPassManager;
} // namespace mlir

namespace phidias {

/// What schedules and vector code need to know; becomes #phi.machine.
struct Machine {
  int64_t lanes = 4;          ///< f32 lanes of a vector
  int64_t registers = 16;     ///< vector registers
  int64_t l1 = 32 << 10;      ///< bytes of a core's first data cache
  int64_t l2 = 1 << 20;       ///< bytes of its second
  bool dot = false;           ///< has an instruction for phi.dot
  bool bf16 = false;          ///< has an instruction for phi.dot_bf16
  int64_t prefetch = 12;      ///< steps of a panel to fetch ahead; 0: its own prefetchers do better
  bool signedCodes = false;   ///< phi.dot takes signed codes
  bool valueLanes = false;    ///< factors are best taken from lanes of a register
  bool matrix = false;        ///< has an instruction for phi.dot_matrix
  int64_t attentionItems = 0; ///< of #phi.machine
  bool wideRows = false;      ///< the same
  bool rescale = false;       ///< the same
  bool smallLoops = false;    ///< the same
  int64_t threads = 0;        ///< the same
  /// Tokens of the longest pass: enough to hide the reading of the weights behind the arithmetic,
  /// few enough that the arena stays small.
  int64_t passTokens = 256;
};

/// phirt::abi::Feature with its name.
struct FeatureNeed {
  std::string name;
  phirt::abi::FeatureWord word;
  uint64_t mask;
};

/// How a target multiplies.
struct Product {
  std::string instruction; ///< or several, with commas between
  bool native = false;     ///< one instruction
  double count = 1;        ///< instructions for one vector of accumulators
};

/// The same of each kind: what phi.dot, phi.dot_bf16 and f32 multiply-adds become.
struct Products {
  Product codes, largeCodes; ///< up to 127, up to 255
  Product bf16, f32;
  Product f16 =
      {}; ///< of f16 weights; without an instruction: those of f32, to which they are widened
};

/// Code for a device beside the processor, as text that its driver compiles.
struct DeviceImage {
  unsigned capability = 0; ///< 80: sm_80
  bool exact = false;      ///< runs on that alone, and not on what came later
  std::string text;        ///< PTX
  int64_t sharedBytes = 0; ///< DeviceProgram::sharedBytes of this image; 0: the same
  bool wholeOnly = false;  ///< each launch runs the whole pass
};

/// A pass over the model as a kernel; the images say the same.
struct DeviceProgram {
  std::vector<DeviceImage> images; ///< the best first
  std::string kernel;
  int64_t blockThreads = 0;
  int64_t sharedBytes = 0;                 ///< of a block
  unsigned capability = 0;                 ///< that it is for; images may be for older ones alone
  std::vector<phirt::abi::Region> regions; ///< of a pass, in the order in which they run
};

/// What the device's assembler makes of an image for a capability.
struct AssembledImage {
  unsigned capability = 0;
  int64_t registers = 0;  ///< of a thread
  int64_t spillBytes = 0; ///< stored and loaded, of a thread
  int64_t blocks = 0;     ///< that a multiprocessor holds at a time; 0: not even one
};

enum class DeviceText { Final, Llvm }; ///< what DeviceImage::text holds: LLVM IR is for --emit

/// A machine that code is made for, in LLVM's terms.
struct TargetSpec {
  std::string name; ///< as the user asked: "native", "x86-64-v3", ...
  std::string triple;
  std::string cpu;
  std::string features; ///< "+avx2,+fma,..."
  std::string runtime;  ///< folder of the prelinked runtime under lib/phidias/runtime
  Machine machine = {};
  std::vector<FeatureNeed> needs = {}; ///< what code for it may use: checked when a program starts
  /// Adds the passes that take the place of phi-vectorize. Empty: that is right for the machine.
  std::function<void(mlir::OpPassManager &)> mapTiles = {};
  /// Adds the passes that turn phi's vector ops (phi.dot, ...) into the machine's own.
  std::function<void(mlir::OpPassManager &)> lowerVectorOps = {};
  Products products = {};
  /// Adds a phirt::abi::Peak of this name, in phi's vector ops; gives the operations of an
  /// iteration.
  std::function<double(mlir::ModuleOp, const std::string &)> addPeak = {};
  /// Adds phirt::abi::Forward of this name where it is not just a call of @forward.
  std::function<void(mlir::ModuleOp, llvm::StringRef)> addForward = {};
  /// Code of a module after EmitStop::Vector, where it does not run on the processor. May change
  /// the module.
  std::function<llvm::Expected<DeviceProgram>(mlir::ModuleOp, DeviceText)> emitDevice = {};
  /// Assembles the images of a program, where the machine has what it takes; else none. For
  /// --report.
  std::function<llvm::Expected<std::vector<AssembledImage>>(const DeviceProgram &)> assemble = {};
  /// Adds what LLVM must know of a function beside processor and features.
  std::function<void(llvm::Function &)> addAttributes = {};
  std::string passes = "default<O2>"; ///< of LLVM, as `opt -passes` takes them
  bool chooses = false;               ///< passes choose the next token themselves (phi.tile_choose)
  bool quickCode = false; ///< code soon rather than fast code: LLVM's generator at its least
  std::vector<std::string> linkArguments = {}; ///< for lld: the machine, and what it asks of a file
  std::string caution = {}; ///< what the user should know of code for it; empty: nothing
};

} // namespace phidias
