#pragma once
/// What `phidias compile --report` says of each stage: see lib/Report/README.md for the formulas.

#include "mlir/IR/BuiltinOps.h"
#include "phidias/Target/Target.h"
#include <optional>
#include <vector>

namespace phidias {

/// Instructions in the innermost block of a long pass, for one group of columns of a tile.
struct InnerBlock {
  double products = 0; ///< of dot products or multiply-adds
  double others = 0;   ///< that need the same ports: conversions, multiplications, additions
  double loads = 0;
  double ceiling = 0; ///< share of P that they leave at most
};

struct StageReport {
  std::string name;
  int64_t calls = 0;      ///< in one pass
  bool logitRows = false; ///< computes the rows whose logits are wanted, most often one
  std::string weight;     ///< type of its weight; empty: it has none
  int64_t rows = 0, columns = 0;
  int64_t streams = 0, prefetch = 0, tokens = 0, panels = 0, chunk = 0; ///< #phi.schedule
  uint64_t bytes = 0;       ///< of weights that a pass reads, over all calls
  uint64_t opsPerToken = 0; ///< two for each multiply-add, over all calls
  Product product;
  std::optional<InnerBlock> block;
  std::string shortfall; ///< why it did not get the target's dot product; empty: it did, or the
                         ///< user asked for plain elements
};

/// Reads a module after phi-schedule. `asked`: the user named plain elements (f32, f16, bf16).
std::vector<StageReport> reportStages(mlir::ModuleOp module, const TargetSpec &target, bool asked);

/// The kernel of a device. Empty where there is none.
struct DeviceReport {
  DeviceProgram program;
  std::vector<AssembledImage> assembled; ///< empty: the machine has no assembler for it
};

/// As a table for people, with what `gigabytesPerSecond` of memory gives for decode.
std::string reportTable(const TargetSpec &target, const std::vector<StageReport> &stages,
                        double gigabytesPerSecond, const DeviceReport &device = {});
/// As one object of JSON.
std::string reportJson(const TargetSpec &target, const std::vector<StageReport> &stages,
                       double gigabytesPerSecond, const DeviceReport &device = {});

} // namespace phidias
