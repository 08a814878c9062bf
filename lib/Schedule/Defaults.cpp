#include "Defaults.h"
#include "Blocks.h"
#include "dialects/phi/Activations.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace phidias::schedule {

static bool isQuantized(const StageShape &shape) { return isa<phi::QuantizedType>(shape.weight); }

/// Long passes rescale sums once a block: what that takes is not held in registers meanwhile
/// (ActivationLayout::block).
static bool hasBlocks(const StageShape &shape) {
  auto quantized = dyn_cast<phi::QuantizedType>(shape.weight);
  return quantized && quantized.getCodebook();
}

/// Bytes of an unpacked column of one panel, scales aside; with value_lanes much is there
/// repeatedly, for each group or each block (lib/Vectorize/Linear/LaneGroup.h).
static int64_t columnBytes(phi::MachineAttr machine, const StageShape &shape) {
  if (machine.getValueLanes() && isQuantized(shape))
    return hasBlocks(shape) ? 21 : 40;
  return 16 * shape.activation.getIntOrFloatBitWidth() / 8;
}

/// Vector registers that a tile holds: integer and float accumulators, or float ones and their
/// sums. With value_lanes those of half a panel, and what the tokens multiply it with.
static int64_t registersOf(int64_t tokens, int64_t panels, phi::MachineAttr machine,
                           const StageShape &shape) {
  if (machine.getValueLanes() && hasBlocks(shape))
    return machine.getMatrix() ? tokens / 2 * 5 + 4 : tokens * 3 + 4;
  if (machine.getValueLanes() && isQuantized(shape))
    return machine.getMatrix() ? tokens / 2 * 9 : tokens * 5;
  if (machine.getValueLanes())
    return tokens * 5;
  int64_t vectorsALane = 16 / machine.getLanes();
  return tokens * panels * vectorsALane;
}

/// Tokens of a tile with value_lanes: as many as have their sums in registers beside what is
/// multiplied. Products of several instructions need theirs for what is between.
static int64_t laneTokens(phi::MachineAttr machine, const StageShape &shape) {
  if (!isQuantized(shape))
    return 4;
  if (hasBlocks(shape))
    return machine.getMatrix() ? 10 : machine.getDot() ? 4 : 1;
  return machine.getMatrix() ? 6 : machine.getDot() ? 4 : 1;
}

phi::ScheduleAttr defaultFor(phi::MachineAttr machine, const StageShape &shape) {
  if (machine.getThreads())
    return defaultForBlocks(machine);
  int64_t panels = 2, tokens = 1;
  // Half of the registers for the accumulators of the inner loop; the outer ones may be spilled.
  if (machine.getValueLanes())
    tokens = laneTokens(machine, shape);
  else
    while (registersOf(2 * tokens, panels, machine, shape) <= machine.getRegisters() / 4)
      tokens *= 2;
  // An unpacked tile takes half of the first cache. With value_lanes it is one block: of several
  // the sums would be in registers all the time.
  bool isBlock = machine.getValueLanes() && hasBlocks(shape);
  int64_t chunk = 64, most = isBlock ? phi::kLargestBlock : std::numeric_limits<int64_t>::max();
  while (2 * chunk <= most &&
         2 * chunk * panels * columnBytes(machine, shape) <= machine.getL1() / 2)
    chunk *= 2;
  return phi::ScheduleAttr::get(machine.getContext(), /*streams=*/4, machine.getPrefetch(), tokens,
                                panels, chunk, /*fewPrefetch=*/6);
}

std::string problemOf(phi::ScheduleAttr schedule, phi::MachineAttr machine,
                      const StageShape &shape) {
  if (machine.getThreads())
    return problemOfBlocks(schedule, machine);
  if (schedule.getTokens() > 16)
    return llvm::formatv("tokens must be 1 to 16, got {0}", schedule.getTokens());
  int64_t registers = registersOf(schedule.getTokens(), schedule.getPanels(), machine, shape);
  if (registers > machine.getRegisters() - 2)
    return llvm::formatv(
        "tokens = {0} by panels = {1} needs {2} vector registers and two more, the "
        "machine has {3}",
        schedule.getTokens(), schedule.getPanels(), registers, machine.getRegisters());
  int64_t bytes = schedule.getChunk() * schedule.getPanels() * columnBytes(machine, shape);
  if (bytes > machine.getL1())
    return llvm::formatv(
        "chunk = {0} by panels = {1} is {2} bytes unpacked, the first cache has {3}",
        schedule.getChunk(), schedule.getPanels(), bytes, machine.getL1());
  if (machine.getMatrix() && isQuantized(shape) && schedule.getTokens() % 2 != 0)
    return llvm::formatv("products of matrices need an even number of tokens, got {0}",
                         schedule.getTokens());
  if (shape.gated && schedule.getPanels() % 2 != 0)
    return llvm::formatv("a gated stage needs an even number of panels, got {0}",
                         schedule.getPanels());
  return "";
}

} // namespace phidias::schedule
