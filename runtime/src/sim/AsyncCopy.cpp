// cp.async: data moves when the thread waits for it, so that who reads it too early finds what was
// there before.

#include "sim/Access.h"
#include "sim/Counts.h"
#include "sim/Report.h"
#include <cstring>

using namespace phirt::sim;

void phisim_cp_async(void *target, const void *source, int32_t bytes, int32_t from, int32_t site) {
  countInstruction(Instruction::Copy);
  if (from > 0) // else the source is not looked at
    checkAccess(source, from, bytes, Kind::Read, site);
  checkAccess(target, bytes, bytes, Kind::Copy, site);
  current->copies.push_back({static_cast<std::byte *>(target),
                             static_cast<const std::byte *>(source), bytes, from, current->groups,
                             site});
}

void phisim_cp_async_commit() { ++current->groups; }

static void complete(const AsyncCopy &copy) {
  memcpy(copy.target, copy.source, copy.from);
  memset(copy.target + copy.from, 0, copy.bytes - copy.from);
  current->block->sharedShadow.arrive(copy.target, copy.bytes, {current->stamp, copy.site});
}

void phisim_cp_async_wait(int32_t left) {
  auto isOver = [&](const AsyncCopy &copy) { return copy.group < current->groups - left; };
  for (const AsyncCopy &copy : current->copies)
    if (isOver(copy))
      complete(copy);
  std::erase_if(current->copies, isOver);
}

void phisim_prefetch(const void *address, int32_t site) {
  countInstruction(Instruction::Prefetch);
  if (!findRegion(static_cast<const std::byte *>(address)))
    report("out of bounds", *current, site, "prefetch from no global memory of the kernel");
}
