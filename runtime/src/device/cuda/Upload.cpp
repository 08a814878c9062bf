#include "device/cuda/Upload.h"
#include "device/cuda/Progress.h"
#include "threads/Cores.h"
#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstring>
#include <pthread.h>
#include <sys/mman.h>
#include <vector>

namespace phirt::cuda {
namespace {

constexpr size_t kStretch = size_t(8) << 20;
constexpr int64_t kMostReaders = 4; // of 5 GB/s or so, where the bus takes 25 or 50
constexpr size_t kPage = 4096;

/// What all readers share.
struct Job {
  const Driver &driver;
  Handle context;
  std::span<const std::byte> bytes;
  DevicePointer to;
  std::atomic<size_t> next{0};     ///< byte that no one has taken yet
  std::atomic<size_t> done{0};     ///< bytes read
  std::atomic<bool> failed{false}; ///< by one reader: the others stop
};

struct Buffer {
  PinnedMemory memory;
  Event copied;
  bool isInFlight = false;
};

class Reader {
public:
  static Result<Reader> make(Job &job) {
    Reader reader(job);
    Status status = reader.prepare();
    if (!status)
      return std::unexpected(status.error());
    return reader;
  }

  /// Takes stretches until there are none left. `progress`: of the one that shows it.
  Status run(Progress *progress) {
    Status status = job->driver.check(job->driver->cuCtxSetCurrent(job->context), kDoing);
    for (size_t turn = 0; status && !job->failed; ++turn) {
      size_t start = job->next.fetch_add(kStretch);
      if (start >= job->bytes.size())
        break;
      auto stretch = job->bytes.subspan(start, std::min(kStretch, job->bytes.size() - start));
      status = copy(stretch, job->to + start, buffers[turn % std::size(buffers)]);
      job->done += stretch.size();
      if (progress)
        progress->show(job->done, job->bytes.size());
    }
    // In any case: what is under way reads the buffers.
    Status finished = job->driver.check(job->driver->cuStreamSynchronize(*stream), kDoing);
    if (status)
      status = finished;
    if (!status)
      job->failed = true;
    return status;
  }

private:
  explicit Reader(Job &job) : job(&job) {}

  Status prepare() {
    Result<Stream> made = createStream(job->driver);
    if (!made)
      return std::unexpected(made.error());
    stream = std::move(*made);
    for (Buffer &buffer : buffers) {
      auto memory = allocatePinned(job->driver, kStretch, "a buffer of weights");
      auto event = createEvent(job->driver);
      if (!memory || !event)
        return std::unexpected(memory ? event.error() : memory.error());
      buffer.memory = std::move(*memory);
      buffer.copied = std::move(*event);
    }
    return {};
  }

  Status copy(std::span<const std::byte> from, DevicePointer to, Buffer &buffer) {
    const Driver &driver = job->driver;
    if (buffer.isInFlight)
      if (Status status = driver.check(driver->cuEventSynchronize(*buffer.copied), kDoing); !status)
        return status;
    read(from, *buffer.memory);
    buffer.isInFlight = true;
    Code code = driver->cuMemcpyHtoDAsync(to, *buffer.memory, from.size(), *stream);
    if (code == kSuccess)
      code = driver->cuEventRecord(*buffer.copied, *stream);
    return driver.check(code, kDoing);
  }

  /// Pages are mapped all at once where the system can (Linux 5.14); otherwise one by one.
  static void read(std::span<const std::byte> from, void *to) {
    auto address = reinterpret_cast<uintptr_t>(from.data());
    uintptr_t page = address / kPage * kPage;
    madvise(reinterpret_cast<void *>(page), from.size() + (address - page), MADV_POPULATE_READ);
    memcpy(to, from.data(), from.size());
  }

  static constexpr std::string_view kDoing = "copying weights";

  Job *job;
  Buffer buffers[2];
  Stream stream;
};

/// A reader on a thread of its own.
struct Helper {
  Reader reader;
  pthread_t handle;
  Status status;

  static void *work(void *argument) {
    auto *helper = static_cast<Helper *>(argument);
    helper->status = helper->reader.run(nullptr);
    return nullptr;
  }
};

/// Helpers take no signals but those of pages that cannot be read: Ctrl-C is for the first thread.
int startThread(Helper &helper) {
  sigset_t all, before;
  sigfillset(&all);
  sigdelset(&all, SIGBUS);
  sigdelset(&all, SIGSEGV);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failure = pthread_create(&helper.handle, nullptr, Helper::work, &helper);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return failure;
}

} // namespace

Status upload(const Driver &driver, Handle context, std::span<const std::byte> bytes,
              DevicePointer to) {
  Job job{driver, context, bytes, to};
  Result<Reader> own = Reader::make(job);
  if (!own)
    return std::unexpected(own.error());
  auto stretches = static_cast<int64_t>((bytes.size() + kStretch - 1) / kStretch);
  int64_t readers = std::min({kMostReaders, availableProcessors(), stretches});
  std::vector<Helper> helpers;
  helpers.reserve(kMostReaders); // threads keep pointers to them
  for (int64_t i = 1; i < readers; ++i) {
    Result<Reader> reader = Reader::make(job);
    if (!reader)
      break; // fewer will do
    if (startThread(helpers.emplace_back(std::move(*reader), pthread_t(), Status())) != 0) {
      helpers.pop_back();
      break;
    }
  }
  Progress progress("loading weights");
  Status status = own->run(&progress);
  for (Helper &helper : helpers) {
    pthread_join(helper.handle, nullptr);
    if (status)
      status = helper.status;
  }
  return status;
}

} // namespace phirt::cuda
