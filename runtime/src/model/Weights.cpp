#include "model/Weights.h"
#include "model/BusError.h"
#include <cerrno>
#include <climits>
#include <cstring>
#include <unistd.h>

namespace phirt {

Result<std::string> programPath() {
  char path[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  if (length <= 0 || length == sizeof path)
    return error(std::string("/proc/self/exe: ") + strerror(errno));
  return std::string(path, length);
}

static std::string expectedGot(const char *what, uint64_t expected, uint64_t got) {
  return std::string(": expected ") + what + " " + std::to_string(expected) + ", got " +
         std::to_string(got);
}

static Status checkHeader(const abi::Model &model, const Weights &weights) {
  const std::string &path = weights.path;
  if (weights.file.size() < sizeof(abi::WeightsHeader))
    return error(path + expectedGot("length", model.weightsBytes, weights.file.size()));
  const abi::WeightsHeader &header = weights.header();
  if (memcmp(header.magic, "PHIWGHT", 8) != 0)
    return error(path + ": not a weights file of Phidias");
  if (header.abiVersion != abi::kVersion)
    return error(path + expectedGot("abi version", abi::kVersion, header.abiVersion));
  if (memcmp(header.id, model.weightsId, sizeof header.id) != 0)
    return error(path + ": these weights belong to another program (their id differs)");
  if (header.fileBytes != model.weightsBytes)
    return error(path + expectedGot("length", model.weightsBytes, header.fileBytes));
  if (weights.file.size() != model.weightsBytes)
    return error(path + expectedGot("length", model.weightsBytes, weights.file.size()));
  return {};
}

Result<Weights> openWeights(const abi::Model &model, std::string path) {
  if (path.empty()) {
    Result<std::string> program = programPath();
    if (!program)
      return std::unexpected(program.error());
    path = *program + ".weights";
  }
  Result<Mapping> file = Mapping::readFile(path);
  if (!file)
    return std::unexpected(file.error());
  Weights weights{std::move(*file), std::move(path)};
  watchBusErrors(weights.path, weights.file.data(), weights.file.size());
  if (Status status = checkHeader(model, weights); !status)
    return std::unexpected(status.error());
  return weights;
}

} // namespace phirt
