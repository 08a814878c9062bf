#pragma once
/// The whole way from a checkpoint to a program.

#include "phidias/Import/Build/BuildModule.h"
#include "phidias/Target/Target.h"
#include "llvm/Support/Error.h"

namespace phidias {

/// What to print instead of, or beside, a program.
enum class EmitStop {
  Program,
  Phi,
  Fused,
  Packed,
  Scheduled,
  Tiled,
  Vector,
  Llvm,
  Assembly,
  Object,
  Report ///< nothing but what CompileOptions::report asks for
};

/// What is said of the stages: see phidias/Report/Report.h.
enum class ReportKind { None, Table, Json };

/// Reference: each op to plain f32 loops. Tiled: stages, schedules, vectors.
enum class PipelineKind { Reference, Tiled };

/// What the program holds of its weights, by name: see phi-quantize.
struct WeightFormats {
  std::string layers = "auto";
  std::string head, embed; ///< empty: as fits `layers`
};

struct CompileOptions {
  std::string model;  ///< folder or .gguf file
  std::string output; ///< program, or the file for --emit; "-": standard output (with --emit)
  std::vector<TargetSpec> targets; ///< the best first; what is printed is for that
  WeightFormats formats;
  EmitStop stop = EmitStop::Program;
  std::string chatTemplate; ///< a file that replaces the checkpoint's own; empty: none
  std::string runtimeRoot;  ///< where the prelinked runtimes are
  PipelineKind pipeline = PipelineKind::Tiled;
  std::string cache; ///< f32, f16 or int8; empty: f16, or f32 where the weights are
  ReportKind report = ReportKind::None;
  double gigabytesPerSecond = 50; ///< of the memory that the report reckons with
  std::string schedules;          ///< file with schedules that replace the defaults; empty: none
};

/// Called for each phase: its name, what it did, seconds. And while packing: bytes done, bytes in
/// all.
struct CompileObserver {
  virtual ~CompileObserver() = default;
  virtual void phase(llvm::StringRef name, llvm::StringRef result, double seconds) {}
  virtual void packing(uint64_t done, uint64_t total) {}
  virtual void warning(llvm::StringRef message) {}
  /// What CompileOptions::report asks for, once for each code of the program.
  virtual void report(llvm::StringRef text) {}
};

/// Compiles. Outputs are written under temporary names and renamed at the end: a failed compile
/// leaves nothing.
llvm::Error compileModel(const CompileOptions &options, CompileObserver &observer);

} // namespace phidias
