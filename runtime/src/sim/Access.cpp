#include "sim/Async.h"
#include "sim/Counts.h"
#include "sim/Report.h"
#include <string>

namespace phirt::sim {
namespace {

const char *verb(Kind kind) { return kind == Kind::Read ? "read" : "write"; }

std::string amount(int32_t bytes, Kind kind) {
  return std::string(verb(kind)) + " of " + std::to_string(bytes) + " bytes";
}

/// "at byte 96 of the arena (128 bytes)"; beyond its end and before its start too.
std::string place(const std::byte *address, const Region *region) {
  if (!region)
    return "at no memory of the kernel";
  return "at byte " + std::to_string(address - region->start) + " of " + nameOf(region->place) +
         " (" + std::to_string(region->bytes) + " bytes)";
}

/// Where the address lies, or what it misses: not far from shared memory that, or else the nearest.
const Region *meant(const std::byte *address) {
  if (const Region *region = findRegion(address))
    return region;
  const Region &shared = current->block->sharedRegion;
  ptrdiff_t beyond = address - shared.start;
  bool near = beyond >= -(1 << 20) && beyond < static_cast<ptrdiff_t>(shared.bytes) + (1 << 20);
  return near ? &shared : nearestRegion(address);
}

[[noreturn]] void reportOutside(const std::byte *address, int32_t bytes, Kind kind, int32_t site) {
  report("out of bounds", *current, site,
         amount(bytes, kind) + " " + place(address, meant(address)));
}

std::string otherThread(Stamp stamp, int32_t site, const char *did) {
  int64_t block = (stamp & kBlockMask) >> kBlockShift, thread = stamp & kThreadMask;
  return "block " + std::to_string(block) + ", thread " + std::to_string(thread) + " " + did +
         " it at " + describeSite(site);
}

[[noreturn]] void reportProblem(Problem problem, const Region &region, const std::byte *address,
                                int32_t bytes, Kind kind, int32_t site) {
  const Record &record = Shadow::culprit();
  std::string what = amount(bytes, kind) + " " + place(address, &region);
  if (problem == Problem::Uninitialised)
    report("uninitialised", *current, site, what);
  if (problem == Problem::Copying)
    report("copy not awaited", *current, site,
           what + ": " + otherThread(record.writer, record.writerSite, "copies to"));
  if (problem == Problem::RaceWithWrite)
    report("race", *current, site,
           what + ": " + otherThread(record.writer, record.writerSite, "wrote"));
  report("race", *current, site,
         what + ": " + otherThread(record.reader, record.readerSite, "read"));
}

bool isOwnStack(const std::byte *address) {
  return address >= current->stackLow && address < current->stackHigh;
}

void checkShadow(const Region &region, const std::byte *address, int32_t bytes, Kind kind,
                 int32_t site) {
  Touch touch{current->stamp, site};
  Problem problem = kind == Kind::Read
                        ? region.shadow->read(address, bytes, touch, region.needsWrite)
                        : region.shadow->write(address, bytes, touch, kind == Kind::Copy);
  if (problem != Problem::None)
    reportProblem(problem, region, address, bytes, kind, site);
}

void checkRegion(const Region &region, const std::byte *address, int32_t bytes, Kind kind,
                 int32_t site) {
  if (static_cast<size_t>(address - region.start) + bytes > region.bytes)
    reportOutside(address, bytes, kind, site);
  if (kind != Kind::Read && !region.mayWrite)
    report("write to constant memory", *current, site,
           amount(bytes, kind) + " " + place(address, &region));
  bool isShared = region.place == Place::Shared;
  if (isShared && kind == Kind::Write)
    current->unfenced = true;
  if (isShared && current->block->async && checkBulk(address, bytes, kind, site))
    return;
  if (region.shadow)
    checkShadow(region, address, bytes, kind, site);
}

/// Gives the region; null: the thread's own stack.
const Region *check(const std::byte *address, int32_t bytes, int32_t align, Kind kind,
                    int32_t site) {
  if (reinterpret_cast<uintptr_t>(address) & (align - 1))
    report("misaligned", *current, site,
           amount(align, kind) + " " + place(address, meant(address)));
  const Region *region = &current->block->sharedRegion;
  if (static_cast<size_t>(address - region->start) >= region->bytes)
    region = findRegion(address);
  if (region)
    checkRegion(*region, address, bytes, kind, site);
  else if (!isOwnStack(address))
    reportOutside(address, bytes, kind, site);
  return region;
}

} // namespace

void checkAccess(const void *where, int32_t bytes, int32_t align, Kind kind, int32_t site) {
  auto *address = static_cast<const std::byte *>(where);
  const Region *region = check(address, bytes, align, kind, site);
  if (region && isCounting())
    countAccess(region->place, address, bytes, align, kind != Kind::Read, site);
}

void checkAccessUncounted(const void *where, int32_t bytes, int32_t align, Kind kind,
                          int32_t site) {
  check(static_cast<const std::byte *>(where), bytes, align, kind, site);
}

} // namespace phirt::sim

using namespace phirt::sim;

void phisim_access(const void *address, int32_t bytes, int32_t align, int32_t kind, int32_t site) {
  bool isWrite = kind & phirt::abi::kSimWrite;
  checkAccess(address, bytes, align, isWrite ? Kind::Write : Kind::Read, site);
  countInstruction(isWrite ? Instruction::Store : Instruction::Load, bytes / align);
}
