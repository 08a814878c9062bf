#include "sim/Memory.h"
#include <cstdlib>
#include <cstring>
#include <vector>

namespace phirt::sim {
namespace {

/// The same for all CPU threads; made by the first of them before any block runs.
struct Memory {
  std::vector<Region> regions; ///< what is read most comes first
  Shadow arena, cache, logits, choice;
};
Memory *memory; // never freed: threads may still run when the program ends

/// Not a number in every float type.
constexpr int kUndefined = 0xff;

/// Kernels that read what no one wrote, of tokens beyond the last, and store nothing made of it.
bool mayReadUndefined() {
  const char *text = getenv("PHISIM_UNDEFINED");
  return text && strcmp(text, "nan") == 0;
}

template <class T> const std::byte *bytesAt(const T *start) {
  return reinterpret_cast<const std::byte *>(start);
}

void addShadowed(const std::byte *start, size_t bytes, Place place, bool needsWrite,
                 Shadow &shadow) {
  shadow.cover(start, bytes);
  memory->regions.push_back({start, bytes, place, true, needsWrite, &shadow});
}

void addConstant(const std::byte *start, size_t bytes, Place place) {
  memory->regions.push_back({start, bytes, place, false, false, nullptr});
}

size_t distance(const Region &region, const std::byte *address) {
  if (address < region.start)
    return region.start - address;
  return address - (region.start + region.bytes);
}

} // namespace

const char *nameOf(Place place) {
  static constexpr const char *kNames[] = {"the weights", "the cache",    "the arena",
                                           "the logits",  "the tokens",   "the choice",
                                           "a constant",  "shared memory"};
  static_assert(std::size(kNames) == static_cast<size_t>(Place::Count_));
  return kNames[static_cast<size_t>(place)];
}

void openMemory(const abi::ForwardArgs &args, const abi::SimKernel &kernel) {
  if (!memory)
    memory = new Memory;
  memory->regions.clear();
  const abi::Model &model = phirt_model;
  addConstant(args.weights, model.weightsBytes - sizeof(abi::WeightsHeader), Place::Weights);
  bool mayRead = mayReadUndefined();
  if (mayRead)
    memset(args.arena, kUndefined, kernel.arenaBytes);
  addShadowed(args.arena, kernel.arenaBytes, Place::Arena, !mayRead, memory->arena);
  addShadowed(args.cache, model.cacheBytesPerPosition * args.capacity, Place::Cache, false,
              memory->cache);
  addShadowed(bytesAt(args.logits), args.logitRows * model.vocab * sizeof(float), Place::Logits,
              false, memory->logits);
  addConstant(bytesAt(args.tokens), args.count * sizeof(int32_t), Place::Tokens);
  if (args.choice)
    addShadowed(bytesAt(args.choice), sizeof(abi::Choice), Place::Choice, false, memory->choice);
  for (int64_t i = 0; i < kernel.constantCount; ++i)
    addConstant(static_cast<const std::byte *>(kernel.constants[i]), kernel.constantBytes[i],
                Place::Constant);
}

const Region *findRegion(const std::byte *address) {
  for (const Region &region : memory->regions)
    if (static_cast<size_t>(address - region.start) < region.bytes)
      return &region;
  return nullptr;
}

const Region *nearestRegion(const std::byte *address) {
  const Region *nearest = nullptr;
  for (const Region &region : memory->regions)
    if (!nearest || distance(region, address) < distance(*nearest, address))
      nearest = &region;
  return nearest;
}

} // namespace phirt::sim
