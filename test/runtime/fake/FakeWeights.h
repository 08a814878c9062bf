#pragma once
/// A weights file that fits the toy model of FakeModel.cpp.

#include "phirt/abi.h"
#include <cstdio>
#include <cstring>
#include <gtest/gtest.h>
#include <string>

/// Writes it under `name` in the folder for temporary files; returns its path.
inline std::string writeFakeWeights(const char *name) {
  std::string bytes(4096 + 8192, '\x09');
  phirt::abi::WeightsHeader header = {};
  memcpy(header.magic, "PHIWGHT", 8);
  header.abiVersion = phirt::abi::kVersion;
  memcpy(header.id, "\1\2\3\4", 4);
  header.fileBytes = bytes.size();
  memcpy(bytes.data(), &header, sizeof header);
  std::string path = testing::TempDir() + name;
  FILE *file = fopen(path.c_str(), "wb");
  fwrite(bytes.data(), 1, bytes.size(), file);
  fclose(file);
  return path;
}
