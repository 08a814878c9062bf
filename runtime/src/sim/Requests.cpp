#include "sim/Requests.h"
#include <algorithm>

namespace phirt::sim {
namespace {

/// Numbers, each once; 64 at most with those that come again.
class Distinct {
public:
  void add(uint64_t number) { numbers[count++] = number; }
  uint64_t size() {
    std::sort(numbers, numbers + count);
    return std::unique(numbers, numbers + count) - numbers;
  }

private:
  uint64_t numbers[64];
  int count = 0;
};

template <class Act> void eachLane(const Request &request, Act act) {
  for (int lane = 0; lane < 32; ++lane)
    if (request.lanes >> lane & 1)
      act(lane, request.addresses[lane]);
}

/// The most distinct words that lanes [from, to) have in one bank.
uint64_t deepestBank(const Request &request, int32_t bytes, int from, int to) {
  uint64_t words[32]; // of a part of a warp: no more, for it is 128 bytes at most
  int count = 0, depth[32] = {}, deepest = 0;
  eachLane(request, [&](int lane, uint64_t address) {
    if (lane >= from && lane < to)
      for (int32_t at = 0; at < bytes; at += 4)
        words[count++] = (address + at) / 4;
  });
  std::sort(words, words + count);
  for (const uint64_t *word = words, *end = std::unique(words, words + count); word != end; ++word)
    deepest = std::max(deepest, ++depth[*word % 32]);
  return deepest;
}

} // namespace

uint64_t distinctSectors(const Request &request, int32_t bytes) {
  Distinct sectors;
  eachLane(request, [&](int, uint64_t address) {
    sectors.add(address / 32);
    sectors.add((address + bytes - 1) / 32);
  });
  return sectors.size();
}

uint64_t idealSectors(const Request &request, int32_t bytes) {
  Distinct addresses;
  eachLane(request, [&](int, uint64_t address) { addresses.add(address); });
  return (addresses.size() * bytes + 31) / 32;
}

uint64_t sharedParts(const Request &request, int32_t bytes, uint64_t &conflicts) {
  int width = bytes <= 4 ? 32 : 128 / bytes;
  uint64_t parts = 0;
  for (int from = 0; from < 32; from += width)
    if (uint64_t deepest = deepestBank(request, bytes, from, from + width)) {
      ++parts;
      conflicts += deepest - 1;
    }
  return parts;
}

} // namespace phirt::sim
