#include "InOrder.h"
#include "llvm/Support/Threading.h"
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

using namespace llvm;

namespace phidias {
namespace {

constexpr size_t kMostThreads = 16; // more would wait for the disk
constexpr size_t kSpareSlots = 2;   // pieces that wait to be taken while all threads work

/// A piece's place while it is made and until it is taken.
struct Slot {
  std::vector<uint8_t> bytes;
  std::optional<std::string> failure;
  bool ready = false;
};

/// Piece i uses slot i % slots; a thread starts on it when piece i - slots has been taken.
class Line {
public:
  Line(size_t count, size_t slots, MakePiece make) : count(count), slots(slots), make(make) {}

  void work() {
    for (std::optional<size_t> index = claim(); index; index = claim()) {
      Slot &slot = slots[*index % slots.size()];
      std::optional<std::string> failure;
      if (Error error = make(*index, slot.bytes))
        failure = toString(std::move(error));
      std::lock_guard lock(mutex);
      slot.failure = std::move(failure);
      slot.ready = true;
      changed.notify_all();
    }
  }

  Error takeAll(TakePiece take) {
    for (size_t index = 0; index < count; ++index) {
      Slot &slot = slots[index % slots.size()];
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return slot.ready; });
      lock.unlock();
      if (slot.failure)
        return createStringError(*slot.failure);
      if (Error failure = take(index, slot.bytes))
        return failure;
      lock.lock();
      slot.ready = false;
      ++taken;
      changed.notify_all();
    }
    return Error::success();
  }

  void stop() {
    std::lock_guard lock(mutex);
    stopped = true;
    changed.notify_all();
  }

private:
  std::optional<size_t> claim() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return stopped || next >= count || next < taken + slots.size(); });
    if (stopped || next >= count)
      return std::nullopt;
    return next++;
  }

  const size_t count;
  std::vector<Slot> slots;
  MakePiece make;
  std::mutex mutex;
  std::condition_variable changed;
  size_t next = 0, taken = 0;
  bool stopped = false;
};

} // namespace

Error inOrder(size_t count, MakePiece make, TakePiece take) {
  size_t threads = std::min<size_t>(hardware_concurrency().compute_thread_count(), kMostThreads);
  threads = std::max<size_t>(1, std::min(threads, count));
  Line line(count, threads + kSpareSlots, make);
  std::vector<std::thread> workers;
  for (size_t i = 0; i < threads; ++i)
    workers.emplace_back([&] { line.work(); });
  Error failure = line.takeAll(take);
  line.stop();
  for (std::thread &worker : workers)
    worker.join();
  return failure;
}

} // namespace phidias
