// usage: fake-seal PROGRAM: writes PROGRAM.weights as FakeModel.cpp wants it (8192 bytes of data,
// the first is 9) and puts the program's hash into its descriptor, as the compiler does.
#include "phirt/abi.h"
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <llvm-c/blake3.h>
#include <string>

using namespace phirt::abi;

static void hashTo(unsigned char *out, const void *bytes, size_t size) {
  llvm_blake3_hasher hasher;
  llvm_blake3_hasher_init(&hasher);
  llvm_blake3_hasher_update(&hasher, bytes, size);
  llvm_blake3_hasher_finalize(&hasher, out, 32);
}

static void writeWeights(const std::string &path) {
  std::string data(8192, '\x05');
  data[0] = 9;
  WeightsHeader header = {};
  memcpy(header.magic, "PHIWGHT", 8);
  header.abiVersion = kVersion;
  memcpy(header.id, "\1\2\3\4", 4);
  header.fileBytes = sizeof header + data.size();
  hashTo(header.dataHash, data.data(), data.size());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char *>(&header), sizeof header);
  file.write(data.data(), static_cast<std::streamsize>(data.size()));
}

int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  std::string path = argv[1];
  std::ifstream in(path, std::ios::binary);
  std::string program{std::istreambuf_iterator<char>(in), {}};
  in.close();
  // The descriptor: its magic, then the fake's weights id at its place.
  char start[offsetof(Model, weightsId) + 4] = "PHIDIAS";
  start[8] = kVersion;
  memcpy(start + offsetof(Model, weightsId), "\1\2\3\4", 4);
  size_t place = program.find(std::string(start, sizeof start));
  if (place == program.npos)
    return 1;
  char *hash = program.data() + place + offsetof(Model, programHash);
  memset(hash, 0, 32);
  unsigned char digest[32];
  hashTo(digest, program.data(), program.size());
  memcpy(hash, digest, 32);
  std::ofstream(path, std::ios::binary)
      .write(program.data(), static_cast<std::streamsize>(program.size()));
  writeWeights(path + ".weights");
  return 0;
}
