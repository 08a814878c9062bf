#pragma once
/// What a kernel may touch.

#include "phirt/abi/Sim.h"
#include "sim/Shadow.h"
#include <cstddef>

namespace phirt::sim {

enum class Place { Weights, Cache, Arena, Logits, Tokens, Choice, Constant, Shared, Count_ };

struct Region {
  const std::byte *start = nullptr;
  size_t bytes = 0;
  Place place = Place::Shared;
  bool mayWrite = false;
  bool needsWrite = false;  ///< its contents are undefined before
  Shadow *shadow = nullptr; ///< null: no thread writes it
};

/// "the weights".
const char *nameOf(Place place);

/// What the pass of `args` is given, and the kernel's constants. Called by one CPU thread while the
/// others wait.
void openMemory(const abi::ForwardArgs &args, const abi::SimKernel &kernel);
/// The region that the address is in; null: none.
const Region *findRegion(const std::byte *address);
/// The one that ends before it, or begins after it, at the least distance; for messages.
const Region *nearestRegion(const std::byte *address);

} // namespace phirt::sim
