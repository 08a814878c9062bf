// usage: fake-device-program RUNTIME PROGRAM: a program for a GPU around the toy model, its
// descriptor, link and seal by the compiler's own functions, and its weights as FakeModel.cpp wants
// them.
#include "ToyKernel.h"
#include "phidias/Emit/Emit.h"
#include "targets/Targets.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/TargetSelect.h"
#include <fstream>

using namespace llvm;
using namespace phidias;

static DeviceProgram toyKernel() {
  auto ptx = [](StringRef version, StringRef target) {
    return (Twine("//\n.version ") + version + "\n.target " + target +
            "\n.visible .entry toy_kernel()\n")
        .str();
  };
  return {{{90, true, ptx("8.0", "sm_90a")}, {80, false, ptx("7.0", "sm_80")}},
          "toy_kernel",
          256,
          50000,
          90,
          {std::begin(kToyRegions), std::end(kToyRegions)}};
}

static ProgramInfo describe() {
  CodeDescription code;
  code.name = "a fake GPU";
  code.device = toyKernel();
  code.arenaBytes = 4096;
  code.chooses = true;
  ProgramInfo info;
  info.name = "fake";
  info.description = "counts upwards on a GPU";
  info.weightsId = {1, 2, 3, 4};
  info.hashMarker = BLAKE3::hash(ArrayRef<uint8_t>(info.weightsId));
  info.weightsBytes = 4096 + 8192;
  info.vocab = 100;
  info.layers = info.hidden = 1;
  info.maxContext = 256;
  info.originalContext = 64;
  info.maxTokens = 16;
  info.cacheBytesPerPosition = 8;
  info.stopIds = {7, 99};
  info.generation = {1, 1, 0, 1, 0, 0};
  info.codes = {code};
  return info;
}

static void writeWeights(const std::string &path) {
  std::string data(8192, '\x05');
  data[0] = 9;
  phirt::abi::WeightsHeader header = {};
  memcpy(header.magic, "PHIWGHT", 8);
  header.abiVersion = phirt::abi::kVersion;
  memcpy(header.id, "\1\2\3\4", 4);
  header.fileBytes = sizeof header + data.size();
  auto hash = BLAKE3::hash(ArrayRef(reinterpret_cast<const uint8_t *>(data.data()), data.size()));
  memcpy(header.dataHash, hash.data(), hash.size());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char *>(&header), sizeof header);
  file.write(data.data(), static_cast<std::streamsize>(data.size()));
}

int main(int argc, char **argv) {
  if (argc != 3)
    return 2;
  ExitOnError check("fake-device-program: ");
  std::vector<TargetSpec> targets = check(allTargets().find("cuda-sm90"));
  ProgramInfo info = describe();
  ObjectBytes descriptor = check(emitDescriptor(info, targets.back()));
  check(linkProgram({descriptor}, targets.back(), argv[1], argv[2]));
  check(sealProgram(argv[2], info.hashMarker));
  writeWeights(std::string(argv[2]) + ".weights");
  return 0;
}
