#include "sim/Report.h"
#include "sim/Async.h"
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>
#include <unistd.h>

namespace phirt::sim {
namespace {

/// The line with this number, without its end.
std::string lineOf(const char *text, int32_t number) {
  const char *line = text;
  for (; line && number > 0; --number) {
    const char *end = strchr(line, '\n');
    line = end ? end + 1 : nullptr;
  }
  return line && *line ? std::string(line, strcspn(line, "\n")) : "?";
}

const char *nameOf(Wait wait) {
  switch (wait) {
  case Wait::None:
    return "goes on";
  case Wait::Warp:
    return "waits for its warp";
  case Wait::Warpgroup:
    return "waits for its warpgroup";
  case Wait::Mbarrier:
    return "waits for an mbarrier";
  case Wait::Block:
    return "waits for its block";
  case Wait::Grid:
    return "waits for the grid";
  case Wait::Ended:
    return "has ended";
  }
  return "";
}

std::string describe(const Thread &thread) {
  std::string text = "thread " + std::to_string(thread.index) + " " + nameOf(thread.wait);
  return thread.wait == Wait::Ended ? text : text + " at " + describeSite(thread.site);
}

/// A thread of the block that waits in another way than `thread`, or elsewhere, one of its warp
/// first; null: none.
const Thread *otherThan(const Thread &thread, const Block &block) {
  auto isOther = [&](const Thread &other) {
    return other.wait != thread.wait || (other.wait != Wait::Ended && other.site != thread.site);
  };
  const Warp &warp = *thread.warp;
  for (int32_t lane = 0; lane < warp.lanes; ++lane)
    if (isOther(warp.threads[lane]))
      return &warp.threads[lane];
  auto other = std::ranges::find_if(block.threads, isOther);
  return other == block.threads.end() ? nullptr : &*other;
}

const Thread *firstWaiting(const Block &block, Wait wait) {
  for (const Thread &thread : block.threads)
    if (thread.wait == wait)
      return &thread;
  return nullptr;
}

} // namespace

/// Ends the program without its clean-up: other threads still run.
void endWith(const std::string &line) {
  fflush(stdout);
  if (write(STDERR_FILENO, line.data(), line.size())) {
  }
  _exit(1);
}

Mapping reserveOrEnd(size_t bytes, const char *what) {
  auto memory = Mapping::reserve(bytes, Mapping::Pages::Small, what);
  if (memory)
    return std::move(*memory);
  endWith("cuda-sim: " + memory.error().message + "\n");
}

std::string siteText(const char *sites, int32_t number) {
  std::string line = lineOf(sites, number);
  for (size_t at; (at = line.find('\t')) != std::string::npos;)
    line.replace(at, 1, ": ");
  return line;
}

std::string describeSite(int32_t site) { return siteText(host->kernel->sites, site); }

void report(const char *problem, const Thread &thread, int32_t site, const std::string &more) {
  std::string line = std::string("cuda-sim: ") + problem + ": kernel " + host->kernel->name +
                     ", block " + std::to_string(thread.block->index) + ", thread " +
                     std::to_string(thread.index) + ", at " + describeSite(site) +
                     (more.empty() ? "" : ": ") + more + "\n";
  endWith(line);
}

void reportLanesApart(int32_t site) {
  const Warp &warp = *current->warp;
  report("divergent warp", *current, site, "other lanes wait at " + describeSite(warp.site));
}

void reportBarriersApart(int32_t site) {
  const Block &block = *current->block;
  report("divergent barrier", *current, site, "other threads wait at " + describeSite(block.site));
}

void reportGridApart() {
  const Thread &thread = host->blocks.front()->threads.front();
  report("divergent grid barrier", thread, thread.site, "other blocks have ended");
}

void reportStuck() {
  // What only a few threads wait for is told first.
  for (auto &block : host->blocks) {
    if (const Thread *thread = firstWaiting(*block, Wait::Warp))
      report("divergent warp", *thread, thread->site, describe(*otherThan(*thread, *block)));
    if (const Thread *thread = firstWaiting(*block, Wait::Warpgroup))
      report("divergent warpgroup", *thread, thread->site, describe(*otherThan(*thread, *block)));
    if (const Thread *thread = firstWaiting(*block, Wait::Mbarrier))
      report("mbarrier deadlock", *thread, thread->site, describe(*block, *sleepsAt(*thread)));
    if (const Thread *thread = firstWaiting(*block, Wait::Block))
      report("divergent barrier", *thread, thread->site, describe(*otherThan(*thread, *block)));
  }
  for (auto &block : host->blocks)
    if (const Thread *thread = firstWaiting(*block, Wait::Grid))
      if (const Thread *other = otherThan(*thread, *block))
        report("divergent grid barrier", *thread, thread->site, describe(*other));
  for (auto &block : host->blocks)
    if (const Thread *thread = firstWaiting(*block, Wait::Grid))
      report("divergent grid barrier", *thread, thread->site, "other blocks have ended");
  const Thread &thread = host->blocks.front()->threads.front();
  report("deadlock", thread, thread.site, "no thread can go on");
}

} // namespace phirt::sim
