#pragma once
/// The accesses of a warp's lanes, side by side.

#include "sim/Memory.h"
#include <cstdint>
#include <vector>

namespace phirt::sim {

/// What the lanes of a warp ask for with one instruction, `bytes` each.
struct Request {
  uint32_t lanes = 0;     ///< a bit for each that does
  uint64_t addresses[32]; ///< of these
};

uint64_t distinctSectors(const Request &request, int32_t bytes);
uint64_t idealSectors(const Request &request, int32_t bytes);
/// Parts of the warp that go to shared memory one after the other, and how much more often they
/// must, `conflicts`.
uint64_t sharedParts(const Request &request, int32_t bytes, uint64_t &conflicts);

/// The accesses at one site since the lanes met last.
struct SiteLog {
  std::vector<Request> requests;
  uint32_t next[32] = {}; ///< of each lane
  int32_t bytes = 0, align = 0;
  Place place = Place::Shared;
};

} // namespace phirt::sim
