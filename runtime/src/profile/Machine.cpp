#include "profile/Machine.h"
#include "support/Clock.h"
#include "support/Mapping.h"
#include "threads/Team.h"
#include <algorithm>
#include <cstring>
#include <unistd.h>

namespace phirt {
namespace {

typedef uint64_t Line __attribute__((vector_size(64)));

constexpr size_t kMostBytes = size_t(1) << 30; // no cache holds it
constexpr int64_t kStreams = 4;                // far apart, as rows of weights are
constexpr size_t kAhead = 24;                  // lines that are asked for before they are needed
constexpr int64_t kSlices = 8;                 // of a stream; one is read in some milliseconds
constexpr double kSeconds = 0.4;

/// Lines that one stream of one thread reads.
size_t linesOf(const abi::ForwardArgs &args) {
  return args.capacity / sizeof(Line) / args.threads / kStreams;
}

Line *streamOf(const abi::ForwardArgs &args, int64_t stream) {
  return reinterpret_cast<Line *>(args.arena) + (args.thread * kStreams + stream) * linesOf(args);
}

/// Every thread touches its own part first: there its memory lies near it.
void touch(const abi::ForwardArgs &args) {
  memset(streamOf(args, 0), 1, linesOf(args) * kStreams * sizeof(Line));
}

void readSlice(const abi::ForwardArgs &args, int64_t slice) {
  size_t lines = linesOf(args) / kSlices;
  const Line *streams[kStreams];
  for (int64_t stream = 0; stream < kStreams; ++stream)
    streams[stream] = streamOf(args, stream) + slice * lines;
  Line sums[kStreams] = {};
  for (size_t line = 0; line < lines; ++line)
    for (int64_t stream = 0; stream < kStreams; ++stream) {
      __builtin_prefetch(streams[stream] + line + kAhead);
      sums[stream] ^= streams[stream][line];
    }
  Line all = sums[0] ^ sums[1] ^ sums[2] ^ sums[3];
  asm volatile("" : : "r,m"(all[0] ^ all[7]) : "memory"); // the reads are wanted
}

void readForward(const abi::ForwardArgs *args) {
  if (args->position == 0)
    touch(*args);
  else
    readSlice(*args, args->position % kSlices);
}

void peakForward(const abi::ForwardArgs *args) {
  static_cast<const abi::Code *>(args->profile)->peak(args->count);
}

/// The shortest of the passes that fit into kSeconds, two at least. They are short: some run
/// undisturbed on a machine that has other work.
double shortestPass(Team &team, abi::ForwardArgs args) {
  double best = 0, total = 0;
  Clock clock;
  for (int pass = 0; pass < 2 || total < kSeconds; ++pass) {
    args.position = pass + 1;
    team.run(args);
    double seconds = clock.lap();
    total += seconds;
    best = pass == 0 ? seconds : std::min(best, seconds);
  }
  return best;
}

Result<double> measureBandwidth(int64_t threads) {
  size_t memory = size_t(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
  size_t unit = sizeof(Line) * threads * kStreams * kSlices;
  size_t bytes = std::min(kMostBytes, memory / 8) / unit * unit;
  auto buffer = Mapping::reserve(bytes, Mapping::Pages::Huge, "the memory that --profile reads");
  auto team = Team::start(threads, readForward);
  if (!buffer || !team)
    return std::unexpected(buffer ? team.error() : buffer.error());
  abi::ForwardArgs args{};
  args.arena = buffer->data();
  args.capacity = static_cast<int64_t>(bytes);
  (*team)->run(args);
  return static_cast<double>(bytes / kSlices) / shortestPass(**team, args);
}

Result<double> measurePeak(const abi::Code &code, int64_t threads) {
  auto team = Team::start(threads, peakForward);
  if (!team)
    return std::unexpected(team.error());
  abi::ForwardArgs args{};
  args.profile = const_cast<abi::Code *>(&code);
  args.count = 1024;
  Clock clock;
  // Grows to some 5 ms a pass.
  for (double seconds = 0; seconds < 0.005 && args.count < INT64_MAX / 4;) {
    args.count *= 2;
    clock.lap();
    (*team)->run(args);
    seconds = clock.lap();
  }
  double ops = code.peakOpsPerIteration * static_cast<double>(args.count * threads);
  return ops / shortestPass(**team, args);
}

} // namespace

Result<Machine> measureMachine(const abi::Code &code, int64_t threads) {
  Machine machine;
  Result<double> bytes = measureBandwidth(threads);
  if (!bytes)
    return std::unexpected(bytes.error());
  machine.bytesPerSecond = *bytes;
  if (!code.peak)
    return machine;
  Result<double> ops = measurePeak(code, threads);
  if (!ops)
    return std::unexpected(ops.error());
  machine.opsPerSecond = *ops;
  return machine;
}

} // namespace phirt
