#include "model/ProgramFile.h"
#include "model/Weights.h"
#include "support/Blake3.h"
#include "support/Output.h"
#include "verbs/Verbs.h"
#include <algorithm>

namespace phirt {
namespace {

Status compare(const std::string &path, const Blake3 &hash, const unsigned char *expected) {
  Blake3::Digest digest = hash.digest();
  if (!std::equal(digest.begin(), digest.end(), expected))
    return error(path + ": damaged: its contents differ from its hash");
  return writeOut(path + ": as compiled\n");
}

Status verifyWeights(const abi::Model &model, const std::string &path) {
  Result<Weights> weights = openWeights(model, path);
  if (!weights)
    return std::unexpected(weights.error());
  Blake3 hash;
  hash.update({weights->data(), weights->dataBytes()});
  return compare(weights->path, hash, weights->header().dataHash);
}

/// The program's file without the hash that it carries of itself.
Status verifyProgram(const abi::Model &model) {
  constexpr std::byte kZeros[sizeof model.programHash] = {};
  Result<std::string> path = programPath();
  if (!path)
    return std::unexpected(path.error());
  Result<uint64_t> offset = programFileOffset(model.programHash);
  if (!offset)
    return std::unexpected(offset.error());
  Result<Mapping> file = Mapping::readFile("/proc/self/exe");
  if (!file)
    return std::unexpected(file.error());
  std::span<const std::byte> bytes(file->data(), file->size());
  if (bytes.size() < *offset + sizeof kZeros)
    return error(*path + ": damaged: cut short");
  Blake3 hash;
  hash.update(bytes.first(*offset));
  hash.update(kZeros);
  hash.update(bytes.subspan(*offset + sizeof kZeros));
  return compare(*path, hash, model.programHash);
}

} // namespace

Status runVerify(const abi::Model &model, const Options &options) {
  if (Status status = verifyProgram(model); !status)
    return status;
  return verifyWeights(model, options.weights);
}

} // namespace phirt
