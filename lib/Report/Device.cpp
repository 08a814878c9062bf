// What the report says of a device's kernel.

#include "Device.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace phidias::report {

static std::string assembledLine(const AssembledImage &image) {
  return formatv("  sm_{0}: {1} registers, {2} bytes spilt, {3} blocks a multiprocessor\n",
                 image.capability, image.registers, image.spillBytes, image.blocks);
}

std::string deviceLines(const DeviceReport &device) {
  const DeviceProgram &program = device.program;
  if (program.images.empty())
    return "";
  std::string text = formatv("kernel {0}: {1} threads a block, {2:F1} kB of shared memory\n",
                             program.kernel, program.blockThreads, program.sharedBytes * 1e-3);
  for (const AssembledImage &image : device.assembled)
    text += assembledLine(image);
  if (device.assembled.empty())
    text += "  registers and spills: not known, there is no ptxas on this machine\n";
  return text;
}

json::Object deviceObject(const DeviceReport &device) {
  json::Array assembled;
  for (const AssembledImage &image : device.assembled)
    assembled.push_back(json::Object{{"capability", image.capability},
                                     {"registers", image.registers},
                                     {"spill_bytes", image.spillBytes},
                                     {"blocks_per_multiprocessor", image.blocks}});
  return json::Object{{"kernel", device.program.kernel},
                      {"block_threads", device.program.blockThreads},
                      {"shared_bytes", device.program.sharedBytes},
                      {"assembled", std::move(assembled)}};
}

} // namespace phidias::report
