#include "sim/Shadow.h"
#include "sim/Report.h"
#include <algorithm>
#include <atomic>
#include <sys/mman.h>

namespace phirt::sim {

void Shadow::cover(const std::byte *from, size_t size) {
  start = from;
  if (size <= room) {
    // Zeros again, and no memory.
    madvise(words.data(), words.size(), MADV_DONTNEED);
    madvise(bytes.data(), bytes.size(), MADV_DONTNEED);
    return;
  }
  room = (size + 3) / 4 * 4;
  words = reserveOrEnd(room / 4 * sizeof(Record), "the shadow of memory");
  bytes = reserveOrEnd(room * sizeof(Record), "the shadow of memory");
}

thread_local constinit const Record *Shadow::found = nullptr;

/// The records of a word's bytes, which know what the word's does.
Record *Shadow::split(size_t word) {
  auto &whole = reinterpret_cast<Record *>(words.data())[word];
  Record *parts = reinterpret_cast<Record *>(bytes.data()) + 4 * word;
  if (std::atomic_ref(whole.writer).load(std::memory_order_acquire) == kSplit)
    return parts;
  while (splitting.test_and_set(std::memory_order_acquire)) {
  }
  if (whole.writer != kSplit) {
    std::fill(parts, parts + 4, whole);
    std::atomic_ref(whole.writer).store(kSplit, std::memory_order_release);
  }
  splitting.clear(std::memory_order_release);
  return parts;
}

template <class Act> Problem Shadow::each(const std::byte *address, int32_t size, const Act &act) {
  size_t at = address - start, end = at + size;
  auto visit = [&](Record &record) {
    Problem problem = act(record);
    found = &record;
    return problem;
  };
  while (at < end) {
    auto &whole = reinterpret_cast<Record *>(words.data())[at / 4];
    if (at % 4 == 0 && end - at >= 4 && whole.writer != kSplit) {
      if (Problem problem = visit(whole); problem != Problem::None)
        return problem;
      at += 4;
      continue;
    }
    Record *parts = split(at / 4);
    for (size_t last = std::min(end, (at / 4 + 1) * 4); at < last; ++at)
      if (Problem problem = visit(parts[at % 4]); problem != Problem::None)
        return problem;
  }
  return Problem::None;
}

Problem Shadow::read(const std::byte *address, int32_t size, const Touch &touch, bool needsWrite) {
  return each(address, size, [&](Record &record) {
    if (record.writer == 0) {
      if (needsWrite)
        return Problem::Uninitialised;
    } else if (record.writer & kManyMask) {
      return Problem::Copying;
    } else if (!isOrdered(record.writer, touch.now)) {
      return Problem::RaceWithWrite;
    }
    if (record.reader != touch.now) {
      record.reader = joinReaders(record.reader, touch.now);
      record.readerSite = touch.site;
    }
    return Problem::None;
  });
}

Problem Shadow::write(const std::byte *address, int32_t size, const Touch &touch, bool isCopy) {
  return each(address, size, [&](Record &record) {
    if (record.writer & kManyMask)
      return Problem::Copying;
    if (record.writer && !isOrdered(record.writer, touch.now))
      return Problem::RaceWithWrite;
    if (record.reader && !isOrdered(record.reader, touch.now))
      return Problem::RaceWithRead;
    record.writer = touch.now | (isCopy ? kCopying : kOne);
    record.writerSite = touch.site;
    return Problem::None;
  });
}

void Shadow::arrive(const std::byte *address, int32_t size, const Touch &touch) {
  each(address, size, [&](Record &record) {
    record.writer = touch.now;
    record.writerSite = touch.site;
    return Problem::None;
  });
}

Stamp Shadow::writer(const std::byte *address) const {
  size_t at = address - start;
  const auto &whole = reinterpret_cast<const Record *>(words.data())[at / 4];
  return whole.writer == kSplit ? reinterpret_cast<const Record *>(bytes.data())[at].writer
                                : whole.writer;
}

} // namespace phirt::sim
